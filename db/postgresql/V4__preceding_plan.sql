-- Once the table has been analyzed while it had few rows in large indexes, as after a burst, PostgreSQL would plan the search anew
-- at each insert, which takes several times as long as the search. Without sorting, the plan that it keeps now is as good
-- whatever the table holds by then.
ALTER FUNCTION outbox_preceding(VARCHAR, BIGINT, BIGINT) SET plan_cache_mode = force_generic_plan;
