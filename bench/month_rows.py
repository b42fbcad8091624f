"""A month of service by set-based SQL: so many people, each on so many dates, most of them confirmed."""

from datetime import date

import asyncpg

MONTH = date(2025, 10, 1)
STEPS = (
    # what a plan hangs on: a campaign a province, its run, the plan in force
    """
    insert into roster.campaigns (id, province_code, name, search_key, status, starts_on, ends_on, start_time, end_time)
    select gen_random_uuid(), p.code, 'Tháng phục vụ', 'thang phuc vu', 'open', $1::date, $1::date + 60, '07:30',
        '16:30'
    from roster.provinces p where p.code = any($2::text[])
    """,
    """
    insert into roster.communes (code, province_code, kind, name, full_name, latitude, longitude, search_key, sort_key)
    select p.code || lpad(n::text, 5, '0'), p.code, 'commune', 'Xã ' || n, 'Xã ' || n, 12, 109, 'xa ' || n, n::text
    from roster.provinces p, generate_series(1, $1::int) n where p.code = any($2::text[])
    """,
    """
    insert into roster.schools (id, code, province_code, name, kind, latitude, longitude, search_key, sort_key)
    select gen_random_uuid(), 'M' || p.code || n, p.code, 'Trường ' || n, 'university', 12, 109, 'truong ' || n, n::text
    from roster.provinces p, generate_series(1, $1::int) n where p.code = any($2::text[])
    """,
)
PLANS = """
with asked as (
    insert into roster.outbox (id, topic, queue, args, done_at)
    select c.id, 'solve_matching', 'solver', '{}', now() from roster.campaigns c where c.name = 'Tháng phục vụ'
    returning id
), runs as (
    insert into roster.matching_runs (id, campaign_id, outbox_id, status, options, problem, requested_by, deadline_at,
        finished_at, attempts, last_event, conflict)
    select id, id, id, 'succeeded', '{}', '{}', 'bench', now(), now(), 1, 0, '[]' from asked returning id
)
insert into roster.plans (id, campaign_id, run_id, draft_number, version, status, content_sha256, is_verified,
    published_at, published_by)
select id, id, id, 1, 1, 'published', 'x', true, now(), 'bench' from runs
"""
PEOPLE = """
with places as (
    select c.id as plan_id, c.province_code,
        (select array_agg(s.id order by s.code) from roster.schools s where s.code like 'M%'
         and s.province_code = c.province_code) as schools,
        (select array_agg(o.code order by o.code) from roster.communes o where length(o.code) = 7
         and o.province_code = c.province_code) as communes
    from roster.campaigns c where c.name = 'Tháng phục vụ'
), people as (
    insert into roster.volunteers (id, school_id, full_name, search_key, sort_key, role, skills, free_weekdays)
    select gen_random_uuid(), p.schools[1 + n % cardinality(p.schools)], 'Người ' || n, 'nguoi ' || n, n::text,
        case when n % 4 = 0 then 'lecturer' else 'student' end, '{}', '{0,1,2,3,4}'
    from places p, generate_series(1, $1::int) n returning id, school_id, full_name
)
insert into roster.placements (plan_id, volunteer_id, school_id, commune_code, weekdays, work_days, distance_m, dates)
select p.plan_id, v.id, v.school_id, p.communes[1 + substr(v.full_name, 7)::int % cardinality(p.communes)],
    '{0,1,2,3,4}', '{"digitise": 1}', 9000 + 500 * (substr(v.full_name, 7)::int % 100), '{}'
from people v join roster.schools s on s.id = v.school_id join places p on p.province_code = s.province_code
"""
DAYS = """
insert into roster.service_days (campaign_id, volunteer_id, serves_on, plan_id, school_id, commune_code,
    commune_outcome, outcome, served_by_volunteer_id, confirmed_at)
select t.plan_id, t.volunteer_id, $1::date + d, t.plan_id, t.school_id, t.commune_code, o.outcome, o.outcome,
    case when o.outcome = 'present' then t.volunteer_id end, case when o.outcome is not null then now() end
from roster.placements t, generate_series(0, $2::int - 1) d,
    lateral (select case (d + hashtext(t.volunteer_id::text)) % 20 when 0 then 'absent' when 1 then null
        else 'present' end as outcome) o
"""
INDEXES = """
select indexname, indexdef from pg_indexes where schemaname = 'roster' and tablename = 'service_days'
and indexname not in (select conname from pg_constraint)
"""
LEADS = """
insert into roster.responsibilities (plan_id, commune_code, school_id, is_lead, distance_m, promised_days)
select distinct on (plan_id, commune_code) plan_id, commune_code, school_id, true, 9000, '{}'::jsonb
from roster.placements order by plan_id, commune_code, school_id
"""
RATES = """
insert into roster.allowance_rates (id, province_code, component, role, from_m, to_m, min_days, amount_vnd, valid_from,
    legal_basis, set_by)
select gen_random_uuid(), p.code, r.* from roster.provinces p, (values
    ('service_day', 'lecturer', 0, null::int, 1, 200000, $1::date, 'NQ', 'bench'),
    ('service_day', null, 0, null, 1, 100000, $1, 'NQ', 'bench'),
    ('distance_day', null, 10000, 50000, 1, 50000, $1, 'NQ', 'bench'),
    ('distance_day', null, 50000, null, 1, 80000, $1, 'NQ', 'bench'),
    ('travel_month', null, 0, null, 3, 300000, $1, 'NQ', 'bench')) r
"""
BLOCKERS = """
insert into roster.blockers (id, campaign_id, commune_code, words, urgency, state, level, level_since, raised_at,
    raised_by, solved_at)
select gen_random_uuid(), plan_id, commune_code, 'Mất mạng', 'normal',
    case when n % 5 = 0 then 'open' else 'closed' end, 'overseer', now(), now(), 'bench',
    case when n % 5 = 0 then null else now() end
from roster.responsibilities, generate_series(1, 5) n
"""


async def fill_month(
    database_url: str, *, provinces: list[str], communes: int, schools: int, people: int, dates: int
) -> int:
    """Of each province so many communes, schools, people and dates a person; returns the days of service.

    References are right by making: the database does not look at each of millions.
    """
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("set session_replication_role = replica")
        await connection.execute(
            "set synchronous_commit = off; set work_mem = '256MB'; set maintenance_work_mem = '256MB'"
        )
        for step, first in zip(STEPS, (MONTH, communes, schools), strict=True):
            await connection.execute(step, first, provinces)
        await connection.execute(PLANS)
        await connection.execute(PEOPLE, people)
        await connection.execute(LEADS)
        indexes = [(row["indexname"], row["indexdef"]) for row in await connection.fetch(INDEXES)]
        for name, _ in indexes:  # made anew at the end: faster than keeping them by millions of rows
            await connection.execute(f'drop index roster."{name}"')
        await connection.execute(DAYS, MONTH, dates)
        for _, definition in indexes:
            await connection.execute(definition)
        await connection.execute(RATES, MONTH)
        await connection.execute(BLOCKERS)
        await connection.execute("analyze")
        return int(await connection.fetchval("select count(*) from roster.service_days"))
    finally:
        await connection.close()
