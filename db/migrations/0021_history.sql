-- The history of runs, partitioned by month. What is there stays where it is: the old tables become the first partition,
-- for all that is written until the end of this month.
CREATE TABLE "run_month" (
	"workspace_id" text NOT NULL,
	"run_id" text NOT NULL,
	"month" date NOT NULL,
	CONSTRAINT "run_month_workspace_id_run_id_pk" PRIMARY KEY("workspace_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "saved_filter" (
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"filter" text NOT NULL,
	"author" text NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "saved_filter_workspace_id_name_pk" PRIMARY KEY("workspace_id","name")
);
--> statement-breakpoint
-- The default is a constant by then, so no row is written again.
ALTER TABLE "run" ADD COLUMN "month" date DEFAULT date_trunc('month', now())::date NOT NULL;--> statement-breakpoint
ALTER TABLE "run_payload" ADD COLUMN "month" date DEFAULT date_trunc('month', now())::date NOT NULL;--> statement-breakpoint
ALTER TABLE "step" ADD COLUMN "month" date DEFAULT date_trunc('month', now())::date NOT NULL;--> statement-breakpoint
ALTER TABLE "run" ALTER COLUMN "month" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "run_payload" ALTER COLUMN "month" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "step" ALTER COLUMN "month" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "trigger_id" text;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "uses" text;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "error_code" text;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "parent_id" text;--> statement-breakpoint
ALTER TABLE "run_payload" ADD COLUMN "graph" text;--> statement-breakpoint
ALTER TABLE "wait" ADD COLUMN "run_started_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "run" DROP CONSTRAINT "run_workspace_id_id_pk";--> statement-breakpoint
ALTER TABLE "run_payload" DROP CONSTRAINT "run_payload_workspace_id_run_id_pk";--> statement-breakpoint
ALTER TABLE "step" DROP CONSTRAINT "step_workspace_id_run_id_path_pk";--> statement-breakpoint
ALTER TABLE "step" ALTER COLUMN "path" SET DATA TYPE text COLLATE "C";--> statement-breakpoint
DROP INDEX "run_newest";--> statement-breakpoint
DROP INDEX "run_of_workflow";--> statement-breakpoint
DROP INDEX "run_by_status";--> statement-breakpoint
DROP INDEX "run_open";--> statement-breakpoint
CREATE TABLE "run_term" (
	"workspace_id" text NOT NULL,
	"term" text COLLATE "C" NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"run_id" text NOT NULL,
	"month" date NOT NULL
);
--> statement-breakpoint
CREATE TABLE "run_log" (
	"workspace_id" text NOT NULL,
	"run_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"step" text COLLATE "C" NOT NULL,
	"attempt" integer NOT NULL,
	"seq" integer NOT NULL,
	"month" date NOT NULL,
	"level" text NOT NULL,
	"message" text NOT NULL,
	"data" text
);
--> statement-breakpoint
-- Partitioned tables in place of them.
DO $$
DECLARE
  name text;
  old text;
BEGIN
  FOREACH name IN ARRAY ARRAY['run', 'run_payload', 'step', 'run_term', 'run_log'] LOOP
    old := name || '_first';
    EXECUTE format('ALTER TABLE %I RENAME TO %I', name, old);
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING STORAGE) PARTITION BY RANGE (month)', name, old);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)', name, old,
      (date_trunc('month', now()) + interval '1 month')::date);
    -- For what is written while nobody has made the partition of a month.
    EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', name || '_rest', name);
  END LOOP;
END $$;
--> statement-breakpoint
ALTER TABLE "run" ADD CONSTRAINT "run_workspace_id_id_month_pk" PRIMARY KEY("workspace_id","id","month");--> statement-breakpoint
ALTER TABLE "run_payload" ADD CONSTRAINT "run_payload_workspace_id_run_id_month_pk" PRIMARY KEY("workspace_id","run_id","month");--> statement-breakpoint
ALTER TABLE "step" ADD CONSTRAINT "step_workspace_id_run_id_path_month_pk" PRIMARY KEY("workspace_id","run_id","path","month");--> statement-breakpoint
ALTER TABLE "run_term" ADD CONSTRAINT "run_term_workspace_id_term_started_at_run_id_month_pk" PRIMARY KEY("workspace_id","term","started_at","run_id","month");--> statement-breakpoint
ALTER TABLE "run_log" ADD CONSTRAINT "run_log_workspace_id_run_id_at_step_attempt_seq_month_pk" PRIMARY KEY("workspace_id","run_id","at","step","attempt","seq","month");--> statement-breakpoint
CREATE INDEX "run_newest" ON "run" USING btree ("workspace_id","started_at","id");--> statement-breakpoint
CREATE INDEX "run_of_workflow" ON "run" USING btree ("workspace_id","workflow","started_at","id");--> statement-breakpoint
CREATE INDEX "run_of_workflow_by_status" ON "run" USING btree ("workspace_id","workflow","status","started_at","id");--> statement-breakpoint
CREATE INDEX "run_by_status" ON "run" USING btree ("workspace_id","status","started_at","id");--> statement-breakpoint
CREATE INDEX "run_by_error" ON "run" USING btree ("workspace_id","error_code","started_at","id") WHERE "run"."error_code" is not null;--> statement-breakpoint
CREATE INDEX "run_by_parent" ON "run" USING btree ("workspace_id","parent_id","started_at","id") WHERE "run"."parent_id" is not null;--> statement-breakpoint
CREATE INDEX "run_open" ON "run" USING btree ("workspace_id","id") WHERE "run"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "run_term_of_run" ON "run_term" USING btree ("workspace_id","run_id");--> statement-breakpoint
CREATE INDEX "run_month_by_month" ON "run_month" USING btree ("workspace_id","month");--> statement-breakpoint
CREATE INDEX "wait_by_kind" ON "wait" USING btree ("workspace_id","kind","run_started_at","run_id") WHERE "wait"."run_started_at" is not null;--> statement-breakpoint
-- Runs of all workspaces, also for an owner who is bound by row-level security.
ALTER TABLE "run_first" NO FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
INSERT INTO "run_month" ("workspace_id", "run_id", "month") SELECT "workspace_id", "id", "month" FROM "run_first";
--> statement-breakpoint
-- Waits of runs that are open now are found by their kind once the runs write them again; those that wait for long, at once.
ALTER TABLE "wait" NO FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
UPDATE "wait" SET "run_started_at" = r."started_at" FROM "run_first" r
WHERE r."workspace_id" = "wait"."workspace_id" AND r."id" = "wait"."run_id"
  AND "wait"."seq" = (SELECT min(w."seq") FROM "wait" w
    WHERE w."workspace_id" = "wait"."workspace_id" AND w."run_id" = "wait"."run_id" AND w."kind" = "wait"."kind");
--> statement-breakpoint
ALTER TABLE "wait" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "run_first" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
-- Each table is under row-level security; partitions are reached through their tables only.
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (workspace_id = nullif(current_setting(''app.workspace'', true), '''')) '
      'WITH CHECK (workspace_id = nullif(current_setting(''app.workspace'', true), ''''))', name);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO blok_app', name);
    END IF;
  END LOOP;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
    FOR name IN SELECT c.relname FROM pg_class c WHERE c.relispartition AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace LOOP
      EXECUTE format('REVOKE ALL ON %I FROM blok_app', name);
    END LOOP;
  END IF;
END $$;
--> statement-breakpoint
-- Makes the partition of a month. API and worker own no tables, so the owner lends them these two functions, which do
-- nothing but what they say.
CREATE FUNCTION blok_add_partition(name text, begins date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
  part text := format('%s_%s', name, to_char(begins, 'YYYY_MM'));
BEGIN
  IF name NOT IN ('run', 'run_payload', 'step', 'run_term', 'run_log') OR begins <> date_trunc('month', begins)::date
    OR begins > now() + interval '1 year' OR begins < now() - interval '2 months' THEN
    RAISE EXCEPTION 'no partition of % for %', name, begins USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF to_regclass('public.' || quote_ident(part)) IS NOT NULL THEN RETURN false; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING STORAGE)', part, name);
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
  EXECUTE format(
    'CREATE POLICY tenant ON %I USING (workspace_id = nullif(current_setting(''app.workspace'', true), '''')) '
    'WITH CHECK (workspace_id = nullif(current_setting(''app.workspace'', true), ''''))', part);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, part, begins,
    (begins + interval '1 month')::date);
  RETURN true;
EXCEPTION
  -- Another partition holds the month, or rows were written before there was one: they stay where they are.
  WHEN invalid_object_definition OR check_violation THEN RETURN false;
END $$;
--> statement-breakpoint
-- Drops a partition whose months are over, if all of its rows are of the current workspace, and none is of an open run.
CREATE FUNCTION blok_drop_partition(name text, part text, until date) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
  low text;
  high text;
  is_open boolean := false;
BEGIN
  IF name NOT IN ('run', 'run_payload', 'step', 'run_term', 'run_log') OR until > date_trunc('month', now())
    OR part = name || '_rest' OR NOT EXISTS (
      SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = to_regclass('public.' || quote_ident(name)) AND c.relname = part
        AND pg_get_expr(c.relpartbound, c.oid) LIKE format('%% TO (%L)', until::text)) THEN
    RAISE EXCEPTION 'no partition % of % that ends at %', part, name, until USING ERRCODE = 'invalid_parameter_value';
  END IF;
  -- In the order in which queries lock them, so that none waits for this and this for it.
  EXECUTE format('LOCK TABLE ONLY %I IN ACCESS EXCLUSIVE MODE', name);
  EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', part);
  EXECUTE format('SELECT min(workspace_id), max(workspace_id) FROM %I', part) INTO low, high;
  IF name = 'run' THEN EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE ended_at IS NULL)', part) INTO is_open; END IF;
  IF is_open OR low <> current_setting('app.workspace', true) OR high <> current_setting('app.workspace', true) THEN
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
    RETURN CASE WHEN is_open THEN 'open' ELSE 'shared' END;
  END IF;
  EXECUTE format('DROP TABLE %I', part);
  RETURN 'dropped';
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION blok_add_partition(text, date), blok_drop_partition(text, text, date) FROM PUBLIC;
--> statement-breakpoint
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
    GRANT EXECUTE ON FUNCTION blok_add_partition(text, date), blok_drop_partition(text, text, date) TO blok_app;
  END IF;
END $$;
