-- The highest id between two others of the pending rows of a key, whatever their topic; the lower one if there is none,
-- unknown to a transaction whose view of the table is older than its locks. Asked by each insert. The settings make
-- PostgreSQL use the index of the keys even if it plans when the table is empty, and keeps the plan. Without a lower
-- bound the search would go on through rows that are cleared, for as long as an open transaction keeps them from vacuum.
CREATE FUNCTION outbox_preceding(of_key VARCHAR, below BIGINT, above BIGINT) RETURNS BIGINT LANGUAGE plpgsql STABLE
  SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
AS '
BEGIN
  RETURN CASE WHEN current_setting(''transaction_isolation'') = ''read committed'' THEN COALESCE((
    SELECT outbox_id FROM outbox
    WHERE (partition_key, outbox_id) < (of_key COLLATE "C", below)
      AND (partition_key, outbox_id) > (of_key COLLATE "C", above)
    ORDER BY partition_key DESC, outbox_id DESC LIMIT 1), above) END;
END';
