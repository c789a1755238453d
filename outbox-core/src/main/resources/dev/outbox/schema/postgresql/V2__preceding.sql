-- The highest id below another of the pending rows of a key, whatever their topic, if it is above the one up to which the
-- key is known to have been sent; otherwise that one, which is 0 if nothing is known. Unknown to a transaction whose view of
-- the table is older than its locks. Asked by each insert. Without sorting, PostgreSQL is left with the index of the keys,
-- even if it plans when the table is empty, and keeps the plan. Without a lower bound the search would go on through rows
-- that are cleared, for as long as an open transaction keeps them from vacuum.
CREATE FUNCTION ${prefix}outbox_preceding(of_key VARCHAR, below BIGINT, sent_to BIGINT) RETURNS BIGINT
  LANGUAGE plpgsql STABLE
  SET search_path FROM CURRENT SET enable_sort = off
AS '
BEGIN
  RETURN CASE WHEN current_setting(''transaction_isolation'') = ''read committed'' THEN COALESCE((
    SELECT outbox_id FROM ${prefix}outbox
    WHERE (partition_key, outbox_id) < (of_key COLLATE "C", below)
      AND (partition_key, outbox_id) > (of_key COLLATE "C", sent_to)
    ORDER BY partition_key DESC, outbox_id DESC LIMIT 1), sent_to) END;
END';
