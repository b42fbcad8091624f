"""What a person reads after a solve: Vietnamese first, English beside."""

from collections.abc import Iterator

from commune_schemas.documents import InfeasibleSolution
from commune_schemas.matching import StageCertificate

from matching_worker.model.outcome import Outcome
from matching_worker.model.words import LEVEL_WORDS

STATUS_WORDS = {
    "optimal": ("tối ưu, đã chứng minh", "optimal, proved"),
    "feasible": ("khả thi, còn khoảng cách tới cận dưới", "feasible, with a stated gap"),
    "infeasible": ("không có phương án nào giữ được mọi ràng buộc", "no plan keeps every hard rule"),
}
STAGE_WORDS = {
    "A": ("Phân công trường phụ trách xã", "Schools responsible for communes"),
    "B": ("Xếp người theo ngày trong tuần", "People placed by weekday"),
    "C": ("Biệt phái cán bộ", "Secondment"),
    "D": ("Nhóm xã cho phó giám đốc", "Oversight groups"),
    "E": ("Hỗ trợ qua ranh giới tỉnh", "Help across provincial borders"),
}


def summarize(outcome: Outcome, certificate: StageCertificate) -> Iterator[str]:
    """Lines of a readable summary of one solve with its certificate."""
    stage_vi, stage_en = STAGE_WORDS[certificate.stage]
    status_vi, status_en = STATUS_WORDS[certificate.status]
    yield f"{stage_vi} / {stage_en}"
    yield f"  kết quả / result: {status_vi} / {status_en}"
    for level, value in outcome.objective.items():
        vi, en = LEVEL_WORDS.get(level, (level, level))
        bound, gap = certificate.bound.get(level, 0), certificate.gap[level]
        proof = "" if gap == 0 else f"   (cận dưới / bound {bound}, {gap:.2%})"
        yield f"  {vi} / {en}: {value}{proof}"
    for member in outcome.conflict:
        yield f"  xung đột / conflict {member.rule}: {member.vi} / {member.en}"
    for note in outcome.notes:
        yield f"  ghi chú / note: {note}"
    checked = "đã kiểm tra độc lập / independently checked" if certificate.verified else "CHƯA KIỂM TRA / NOT CHECKED"
    yield f"  {checked}; {certificate.solver}; {certificate.seconds:.2f} s"
    yield f"  bài toán / problem sha256 {certificate.problem_sha256}"
    yield f"  phương án / solution sha256 {certificate.solution_sha256}"


def describe_conflict(solution: InfeasibleSolution) -> Iterator[str]:
    """Why there is no plan: the smallest clashing set of pins and rules, by name."""
    yield "Không có phương án: những điều sau không thể cùng được giữ. / There is no plan: these cannot all be kept."
    for member in solution.conflict:
        if isinstance(member, dict) and {"rule", "vi", "en"} <= member.keys():
            yield f"  {member['rule']}: {member['vi']} / {member['en']}"
        else:
            yield f"  {member}"
