CREATE TABLE "held_firing" (
	"workspace_id" text NOT NULL,
	"group_id" text NOT NULL,
	"position" integer NOT NULL,
	"workflow" text NOT NULL,
	"trigger" text NOT NULL,
	"key" text,
	"payload" text,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "held_firing_workspace_id_group_id_position_pk" PRIMARY KEY("workspace_id","group_id","position")
);
--> statement-breakpoint
CREATE TABLE "held_group" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"workflow" text NOT NULL,
	"trigger" text NOT NULL,
	"uses" text NOT NULL,
	"version" integer NOT NULL,
	"word" text NOT NULL,
	"key" text NOT NULL,
	"open" boolean DEFAULT true NOT NULL,
	"count" integer DEFAULT 1 NOT NULL,
	"bytes" integer NOT NULL,
	"depth" integer,
	"opened_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"due_at" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"outcome" text,
	"run_id" text,
	"reason" text,
	"settled_at" timestamp (3) with time zone,
	CONSTRAINT "held_group_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "turn" (
	"workspace_id" text NOT NULL,
	"run_id" text NOT NULL,
	"seq" bigserial NOT NULL,
	"workflow" text NOT NULL,
	"key" text NOT NULL,
	"workflow_id" text NOT NULL,
	"priority" smallint NOT NULL,
	"since" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"asks_at" timestamp (3) with time zone,
	"taken_at" timestamp (3) with time zone,
	"counts_until" timestamp (3) with time zone,
	CONSTRAINT "turn_workspace_id_run_id_pk" PRIMARY KEY("workspace_id","run_id")
);
--> statement-breakpoint
DROP INDEX "slot_queue";--> statement-breakpoint
ALTER TABLE "slot" ADD COLUMN "priority" smallint DEFAULT 3 NOT NULL;--> statement-breakpoint
ALTER TABLE "slot" ADD COLUMN "since" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "held_firing" ADD CONSTRAINT "held_firing_workspace_id_group_id_held_group_workspace_id_id_fk" FOREIGN KEY ("workspace_id","group_id") REFERENCES "public"."held_group"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "held_group" ADD CONSTRAINT "held_group_workspace_id_workflow_workflow_workspace_id_name_fk" FOREIGN KEY ("workspace_id","workflow") REFERENCES "public"."workflow"("workspace_id","name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "held_firing_by_key" ON "held_firing" USING btree ("workspace_id","workflow","trigger",md5("key")) WHERE "held_firing"."key" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "held_group_open" ON "held_group" USING btree ("workspace_id","workflow","trigger","version",md5("key")) WHERE "held_group"."open";--> statement-breakpoint
CREATE INDEX "held_group_due" ON "held_group" USING btree ("workspace_id","due_at") WHERE "held_group"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "held_group_age" ON "held_group" USING btree ("workspace_id","settled_at") WHERE "held_group"."settled_at" is not null;--> statement-breakpoint
CREATE INDEX "turn_in_line" ON "turn" USING btree ("workspace_id","workflow",md5("key"),"priority","seq") WHERE "turn"."taken_at" is null;--> statement-breakpoint
CREATE INDEX "turn_taken" ON "turn" USING btree ("workspace_id","workflow",md5("key"),"taken_at") WHERE "turn"."taken_at" is not null;--> statement-breakpoint
CREATE INDEX "turn_over" ON "turn" USING btree ("workspace_id","counts_until") WHERE "turn"."counts_until" is not null;--> statement-breakpoint
CREATE INDEX "slot_in_line" ON "slot" USING btree ("workspace_id","workflow",md5("key"),"held","priority","seq");--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['held_group', 'held_firing', 'turn'] LOOP
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
    GRANT USAGE ON SEQUENCE turn_seq_seq TO blok_app;
  END IF;
END $$;
