CREATE TABLE "change" (
	"workspace_id" text NOT NULL,
	"xid" bigint DEFAULT (pg_current_xact_id()::text)::bigint NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "change_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"kind" text NOT NULL,
	"run_id" text,
	"workflow" text,
	"step" text,
	"status" text,
	"was" text,
	"detail" text,
	CONSTRAINT "change_workspace_id_xid_seq_pk" PRIMARY KEY("workspace_id","xid","seq")
);
--> statement-breakpoint
CREATE TABLE "run_statistic" (
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"grain" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"counts" text NOT NULL,
	"durations" text NOT NULL,
	CONSTRAINT "run_statistic_workspace_id_workflow_grain_at_pk" PRIMARY KEY("workspace_id","workflow","grain","at")
);
--> statement-breakpoint
CREATE TABLE "statistic_state" (
	"workspace_id" text NOT NULL,
	"since" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"cursor" text NOT NULL,
	"next" bigint NOT NULL,
	"rows_at" timestamp (3) with time zone,
	"rows_id" text,
	"rows_done" boolean DEFAULT false NOT NULL,
	CONSTRAINT "statistic_state_workspace_id_pk" PRIMARY KEY("workspace_id")
);
--> statement-breakpoint
CREATE TABLE "step_statistic" (
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"day" timestamp (3) with time zone NOT NULL,
	"node" text NOT NULL,
	"type" text NOT NULL,
	"count" integer NOT NULL,
	"failed" integer NOT NULL,
	"retries" integer NOT NULL,
	"ms" bigint NOT NULL,
	"durations" text NOT NULL,
	CONSTRAINT "step_statistic_workspace_id_workflow_day_node_pk" PRIMARY KEY("workspace_id","workflow","day","node")
);
--> statement-breakpoint
ALTER TABLE "wait" ADD COLUMN "workflow" text;--> statement-breakpoint
CREATE INDEX "step_statistic_of_day" ON "step_statistic" USING btree ("workspace_id","day");--> statement-breakpoint
CREATE INDEX "wait_approval" ON "wait" USING btree ("workspace_id","since","run_id","seq") WHERE "wait"."kind" = 'approval';--> statement-breakpoint
CREATE INDEX "wait_approval_of_workflow" ON "wait" USING btree ("workspace_id","workflow","since","run_id","seq") WHERE "wait"."kind" = 'approval';
--> statement-breakpoint
-- The approvals that are open now get the workflow of their run, also for an owner who is bound by row-level security.
ALTER TABLE "run" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "wait" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
UPDATE "wait" SET "workflow" = r."workflow" FROM "run" r WHERE r."workspace_id" = "wait"."workspace_id" AND r."id" = "wait"."run_id";--> statement-breakpoint
ALTER TABLE "wait" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "run" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['change', 'run_statistic', 'step_statistic', 'statistic_state'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (workspace_id = nullif(current_setting(''app.workspace'', true), '''')) '
      'WITH CHECK (workspace_id = nullif(current_setting(''app.workspace'', true), ''''))', name);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO blok_app', name);
    END IF;
  END LOOP;
END $$;
