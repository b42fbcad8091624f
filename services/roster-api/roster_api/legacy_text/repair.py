"""Which encoding a text was typed in, by its own syllables and by those of its column; and the text put right."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from roster_api.legacy_text.encodings import (
    BREVE,
    CIRCUMFLEX,
    HORN,
    PUNCTUATION,
    TONES,
    bytes_behind,
    from_cp1258,
    from_tcvn3,
    from_utf8,
    from_vni,
)
from roster_api.legacy_text.legacies import Legacy
from roster_api.legacy_text.syllables import is_syllable

WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")
_SIGNS = (
    "\u00a1-\u00bf\u00d7\u00f7\u0080-\u009f\u20ac\u201a\u0192\u201e\u2020\u2021\u02c6\u2030\u0160\u2039\u0152"
    "\u017d\u02dc\u2122\u0161\u203a\u0153\u017e\u0178"
)
TOKEN = re.compile(r"[^\x00-\x40\x5b-\x60\x7b-\x7f]+")
"""Runs of letters and of what old fonts show as letters; each is told by itself, and read once."""
LONGEST_TOKEN, LONGEST_TEXT = 40, 300
SYMBOLS = re.compile(rf"(?<=[^\W\d_])[{_SIGNS}]|[{_SIGNS}](?=[^\W\d_])")
"""Signs in a word that no word holds, and that old fonts show as letters."""
SHORT_FORM = re.compile(r"(?=.*Đ)[BCDĐGHKLMNPQRSTVX]{2,5}")
"""'SĐT', 'ĐTDĐ': no syllable, and written so over many a column."""
ALPHABET = frozenset(map(chr, range(0x20, 0x7F))) | frozenset(PUNCTUATION.values()) | frozenset("\n\r\t") | {
    unicodedata.normalize("NFC", case(base + shape + tone))
    for base in "aeiouy"
    for shape in ("", CIRCUMFLEX, BREVE, HORN)
    for tone in ("", *TONES.values())
    for case in (str.lower, str.upper)
} | {"đ", "Đ"}  # fmt: skip


class UnclearError(ValueError):
    """A text that is no Vietnamese as it stands, and no one encoding tells what it was."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`fits` are the readings, one an encoding, under which every changed word is a syllable."""

    is_good: bool
    """The text may stand as it is."""
    fits: tuple[tuple[Legacy, str], ...]
    tries: tuple[tuple[Legacy, str], ...]
    """Every reading that the bytes allow, syllables or not."""
    same: frozenset[Legacy]
    """The encodings under which it reads as it stands."""

    @property
    def possible(self) -> frozenset[Legacy]:
        return self.same | {legacy for legacy, _ in self.fits}


HEADINGS = 3
FEW = 20
"""One text in twenty that is typed in Unicode does not make a column of an old font a mixed one."""
EVERY = frozenset(Legacy)
PLAIN = Verdict(is_good=True, fits=(), tries=(), same=EVERY)


@dataclass(slots=True)
class Evidence:
    """What the texts of a column say: how many can only be of an encoding, and how many cannot be of it."""

    certain: Counter[Legacy] = field(default_factory=Counter)
    against: Counter[Legacy] = field(default_factory=Counter)
    spoilt: int = 0
    """How many cannot stand as they are, whatever they were."""

    def encoding(self) -> Legacy | None:
        """The commonest that is certain for some text; None where no text is certain."""
        common = self.certain.most_common(1)
        return common[0][0] if common else None


@dataclass(frozen=True, slots=True)
class _TokenVerdict:
    """The same of one run of letters. `readings` by encoding; `sound`: those made of syllables, or good as it is."""

    is_good: bool
    is_alien: bool
    readings: dict[Legacy, str]
    sound: frozenset[Legacy]
    same: frozenset[Legacy]

    stands: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stands", self.is_good and self.sound == self.same)


@lru_cache(maxsize=64)
def _standing(same: frozenset[Legacy]) -> Verdict:
    return Verdict(is_good=True, fits=(), tries=(), same=same)


@lru_cache(maxsize=2048)
def judge(text: str) -> Verdict:
    """What the text by itself allows. Texts of plain ASCII are good, and so is what is too long to be a value."""
    if text.isascii() or len(text) > LONGEST_TEXT:
        return PLAIN
    tokens = [token for token in TOKEN.findall(text) if not token.isascii()]
    verdicts = [_judge_token(token) for token in tokens]
    if all([verdict.stands for verdict in verdicts]):  # noqa: C419 - twice as fast as a generator, for every cell
        return _standing(frozenset.intersection(EVERY, *[verdict.same for verdict in verdicts]))
    is_good = all(verdict.is_good for verdict in verdicts)
    sound = frozenset.intersection(EVERY, *[verdict.sound for verdict in verdicts])
    same = frozenset.intersection(EVERY, *[verdict.same for verdict in verdicts])
    if is_good and sound == same:
        return Verdict(is_good, (), (), same)
    readable = frozenset.intersection(EVERY, *[frozenset(verdict.readings) for verdict in verdicts])
    reads = [(legacy, _read_all(text, tokens, verdicts, legacy)) for legacy in Legacy if legacy in readable - same]
    return Verdict(is_good, tuple(read for read in reads if read[0] in sound), tuple(reads), same)


def _read_all(text: str, tokens: list[str], verdicts: list[_TokenVerdict], legacy: Legacy) -> str:
    reads = {token: verdict.readings[legacy] for token, verdict in zip(tokens, verdicts, strict=True)}
    return TOKEN.sub(lambda match: reads.get(match.group(), match.group()), text)


@lru_cache(maxsize=65536)
def _judge_token(token: str) -> _TokenVerdict:
    if len(token) > LONGEST_TOKEN:
        return _TokenVerdict(is_good=True, is_alien=False, readings={}, sound=frozenset(), same=frozenset())
    is_good = _is_vietnamese(token)
    written = unicodedata.normalize("NFC", token)
    readings: dict[Legacy, str] = {}
    sound: set[Legacy] = set()
    same: set[Legacy] = set()
    for legacy, read in _readings(token):
        is_same = read == written
        is_sound = is_good if is_same else _is_made_of_syllables(read)
        if legacy in readings and (legacy in sound or not is_sound):
            continue
        readings[legacy] = token if is_same else read
        sound |= {legacy} if is_sound else set()
        same = same | {legacy} if is_same else same - {legacy}
    is_alien = bool(SYMBOLS.search(token)) or any(
        not ALPHABET.issuperset(word) or _has_case_break(word) for word in WORD.findall(token) if not word.isascii()
    )
    return _TokenVerdict(is_good, is_alien, readings, frozenset(sound), frozenset(same))


def _is_vietnamese(text: str) -> bool:
    """Every word with an accent may be a syllable, and no sign stands in it that old fonts show as letters."""
    return not SYMBOLS.search(text) and all(word.isascii() or _may_stand(word) for word in WORD.findall(text))


@lru_cache(maxsize=65536)
def _may_stand(word: str) -> bool:
    """A syllable whose tone its ending allows, and whose letters are of one case."""
    return is_syllable(word) and is_syllable(word, has_tone_of_stop=True) and not _has_case_break(word)


def _has_case_break(word: str) -> bool:
    """'HaÌ', 'TRóC': a capital among small letters, or the other way round, behind the first letter."""
    rest = word[1:]
    return not (rest.islower() or rest.isupper() or not rest) or (word[0].islower() and rest.isupper())


def _is_made_of_syllables(read: str) -> bool:
    words = WORD.findall(read)
    return not SYMBOLS.search(read) and all(
        is_syllable(word, is_strict=True) or SHORT_FORM.fullmatch(word) for word in words
    )


def _readings(text: str) -> Iterator[tuple[Legacy, str]]:
    """Every encoding's reading of the bytes that may stand behind the text, the plainest first."""
    for encoding in ("cp1252", "cp1258"):
        for content in bytes_behind(text, encoding):
            decoders = [(Legacy.UTF8_TWICE, from_utf8), (Legacy.TCVN3, from_tcvn3), (Legacy.VNI, from_vni)]
            if encoding == "cp1252":
                decoders.append((Legacy.CP1258, from_cp1258))
            for legacy, decode in decoders:
                read = decode(content)
                if read is not None and ALPHABET.issuperset(unicodedata.normalize("NFC", read)):
                    yield legacy, read


def _possible_of_good(text: str) -> frozenset[Legacy] | None:
    """As judge(text).possible of a text that may stand, word by word: a list has few, and each is judged once."""
    if len(text) > LONGEST_TEXT:
        return EVERY
    sound = same = EVERY
    for word in text.split(" "):
        if not word.isascii():
            verdict = _judge_word(word)
            if verdict is None:
                return None
            sound, same = sound & verdict[0], same & verdict[1]
    return sound | same


@lru_cache(maxsize=65536)
def _judge_word(word: str) -> tuple[frozenset[Legacy], frozenset[Legacy]] | None:
    """(encodings that make syllables of it, those under which it reads as it stands); None where it cannot stand."""
    verdicts = [_judge_token(token) for token in TOKEN.findall(word) if not token.isascii()]
    if not all(verdict.is_good for verdict in verdicts):
        return None
    return (
        frozenset.intersection(EVERY, *[verdict.sound for verdict in verdicts]),
        frozenset.intersection(EVERY, *[verdict.same for verdict in verdicts]),
    )


def evidence_of(texts: Iterable[str]) -> Evidence:
    """Texts that are right as they stand speak against the encodings under which they would not be.

    But for a few above the first that is not: a title and a header are typed again in Unicode over an old list.
    """
    evidence = Evidence()
    against: Counter[frozenset[Legacy]] = Counter()
    for text in texts:
        if text.isascii():
            continue
        possible = _possible_of_good(text)
        if possible is not None:
            against[possible] += 1
            continue
        verdict = judge(text)
        if not evidence.spoilt and against.total() <= HEADINGS:
            against.clear()
        evidence.spoilt += 1
        strong = _strong_fits(text, verdict)
        if len(strong) == 1:
            evidence.certain[strong[0][0]] += 1
    for possible, count in against.items():
        evidence.against.update(dict.fromkeys(EVERY - possible, count))
    return evidence


def _strong_fits(text: str, verdict: Verdict) -> list[tuple[Legacy, str]]:
    """Of a text that cannot stand: the readings that nothing else explains.

    The letters of a minority's name may make a syllable by chance when they are taken for TCVN3 ('Să' for 'Só'); only a
    sign that is no letter of Vietnam, or a capital in the middle, says that they were typed so.
    """
    return [fit for fit in verdict.fits if fit[0] is not Legacy.TCVN3 or _is_alien(text)]


def _is_alien(text: str) -> bool:
    return any(_judge_token(token).is_alien for token in TOKEN.findall(text) if not token.isascii())


def repair(text: str, evidence: Evidence, *, font: Legacy | None = None) -> tuple[Legacy, str] | None:
    """(encoding, text put right); None where it stands as it is. UnclearError where nobody can tell.

    A text that can stand is changed only where its column is of one encoding throughout, by its texts or by the font:
    a font alone proves little, for text in Unicode keeps the old font's name.
    """
    verdict = judge(text)
    known = font or evidence.encoding()
    leads = known is not None and evidence.certain[known] + (font is not None) > evidence.against[known]
    is_sole = leads and known is not None and evidence.against[known] * FEW <= evidence.certain[known]
    fit = next((fit for fit in verdict.fits if fit[0] is known and leads), None)
    if verdict.is_good:
        if fit is not None and not is_sole:
            raise UnclearError(text)
        return fit
    if fit is not None:
        return fit
    strong = _strong_fits(text, verdict)
    if len({read for _, read in strong}) > 1:
        raise UnclearError(text)
    if strong:
        return strong[0]
    forced = next((read for read in verdict.tries if leads and read[0] is known), None)
    if forced is not None and _is_alien(text) and not SYMBOLS.search(forced[1]):
        return forced
    if looks_spoilt(text):
        raise UnclearError(text)
    return None


def looks_spoilt(text: str) -> bool:
    """Some word cannot stand, has a sign that is no letter of Vietnam, and would be a syllable in an old encoding."""
    verdicts = [_judge_token(token) for token in TOKEN.findall(text) if not ALPHABET.issuperset(token)]
    return any(not verdict.is_good and verdict.sound for verdict in verdicts)
