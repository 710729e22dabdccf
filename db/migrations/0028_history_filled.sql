-- Runs from before their trigger, error and caller had columns of their own get them from what was kept, so that filters
-- find these runs, too. What cannot be read stays unknown.
CREATE FUNCTION pg_temp.field(document text, name text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN document::json ->> name;
EXCEPTION WHEN OTHERS THEN RETURN NULL;
END $$;
--> statement-breakpoint
-- Runs of all workspaces, also for an owner who is bound by row-level security.
ALTER TABLE "run" NO FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "run_payload" NO FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
UPDATE "run" SET
  "trigger_id" = pg_temp.field("trigger", 'id'),
  "uses" = pg_temp.field("trigger", 'uses'),
  "error_code" = replace(left(pg_temp.field("error", 'code'), 200), '\', '\\'),
  "parent_id" = (SELECT substr(pg_temp.field(p."trigger", 'by'), 5) FROM "run_payload" p
    WHERE p."workspace_id" = "run"."workspace_id" AND p."run_id" = "run"."id" AND p."month" = "run"."month"
      AND pg_temp.field(p."trigger", 'by') LIKE 'run:%')
WHERE "uses" IS NULL;
--> statement-breakpoint
ALTER TABLE "run_payload" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "run" FORCE ROW LEVEL SECURITY;
