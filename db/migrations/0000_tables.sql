CREATE TABLE "blob" (
	"workspace_id" text NOT NULL,
	"sha256" text NOT NULL,
	"size" bigint NOT NULL,
	"data" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "blob_workspace_id_sha256_pk" PRIMARY KEY("workspace_id","sha256")
);
--> statement-breakpoint
CREATE TABLE "file" (
	"workspace_id" text NOT NULL,
	"path" text NOT NULL,
	"sha256" text NOT NULL,
	"size" bigint NOT NULL,
	"content_type" text,
	"modified_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "file_workspace_id_path_pk" PRIMARY KEY("workspace_id","path")
);
--> statement-breakpoint
CREATE TABLE "run_blob" (
	"workspace_id" text NOT NULL,
	"run_id" text NOT NULL,
	"sha256" text NOT NULL,
	CONSTRAINT "run_blob_workspace_id_run_id_sha256_pk" PRIMARY KEY("workspace_id","run_id","sha256")
);
--> statement-breakpoint
CREATE TABLE "connection" (
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"hosts" text NOT NULL,
	"revision" integer NOT NULL,
	"dek_version" integer NOT NULL,
	"nonce" "bytea" NOT NULL,
	"ciphertext" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "connection_workspace_id_name_pk" PRIMARY KEY("workspace_id","name")
);
--> statement-breakpoint
CREATE TABLE "event" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"key" text,
	"data" text,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "event_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "resume_token" (
	"workspace_id" text NOT NULL,
	"hash" text NOT NULL,
	"run_id" text NOT NULL,
	"step" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "resume_token_workspace_id_hash_pk" PRIMARY KEY("workspace_id","hash")
);
--> statement-breakpoint
CREATE TABLE "effect" (
	"workspace_id" text NOT NULL,
	"key" text NOT NULL,
	"result" text,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "effect_workspace_id_key_pk" PRIMARY KEY("workspace_id","key")
);
--> statement-breakpoint
CREATE TABLE "kv" (
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"key" text NOT NULL,
	"value" text,
	"version" bigint NOT NULL,
	"expires_at" timestamp (3) with time zone,
	CONSTRAINT "kv_workspace_id_workflow_key_pk" PRIMARY KEY("workspace_id","workflow","key")
);
--> statement-breakpoint
CREATE TABLE "run" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"workflow_id" text NOT NULL,
	"temporal_run_id" text NOT NULL,
	"segment" integer NOT NULL,
	"history_length" integer NOT NULL,
	"workflow" text NOT NULL,
	"version" integer,
	"trigger" text NOT NULL,
	"status" text NOT NULL,
	"error" text,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "run_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "run_payload" (
	"workspace_id" text NOT NULL,
	"run_id" text NOT NULL,
	"trigger" text,
	"input" text,
	"output" text,
	"output_ref" text,
	"error" text,
	CONSTRAINT "run_payload_workspace_id_run_id_pk" PRIMARY KEY("workspace_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "step" (
	"workspace_id" text NOT NULL,
	"run_id" text NOT NULL,
	"path" text NOT NULL,
	"segment" integer NOT NULL,
	"history_length" integer NOT NULL,
	"seq" integer NOT NULL,
	"node" text NOT NULL,
	"type" text NOT NULL,
	"label" text,
	"status" text NOT NULL,
	"port" text,
	"attempts" integer NOT NULL,
	"input" text,
	"output" text,
	"output_ref" text,
	"error" text,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "step_workspace_id_run_id_path_pk" PRIMARY KEY("workspace_id","run_id","path")
);
--> statement-breakpoint
CREATE TABLE "wait" (
	"workspace_id" text NOT NULL,
	"run_id" text NOT NULL,
	"seq" integer NOT NULL,
	"step" text NOT NULL,
	"kind" text NOT NULL,
	"event" text,
	"key" text,
	"until" timestamp (3) with time zone,
	"since" timestamp (3) with time zone NOT NULL,
	"detail" text,
	CONSTRAINT "wait_workspace_id_run_id_seq_pk" PRIMARY KEY("workspace_id","run_id","seq")
);
--> statement-breakpoint
CREATE TABLE "variable" (
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"name" text NOT NULL,
	"value" text,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "variable_workspace_id_workflow_name_pk" PRIMARY KEY("workspace_id","workflow","name")
);
--> statement-breakpoint
CREATE TABLE "workflow" (
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"label" text,
	"draft" text,
	"published_version" integer,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workflow_workspace_id_name_pk" PRIMARY KEY("workspace_id","name")
);
--> statement-breakpoint
CREATE TABLE "workflow_version" (
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"version" integer NOT NULL,
	"graph" text NOT NULL,
	"plan" text NOT NULL,
	"hash" text NOT NULL,
	"language" integer NOT NULL,
	"published_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workflow_version_workspace_id_workflow_version_pk" PRIMARY KEY("workspace_id","workflow","version")
);
--> statement-breakpoint
CREATE TABLE "data_key" (
	"workspace_id" text NOT NULL,
	"version" integer NOT NULL,
	"kek_id" text NOT NULL,
	"nonce" "bytea" NOT NULL,
	"wrapped" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "data_key_workspace_id_version_pk" PRIMARY KEY("workspace_id","version")
);
--> statement-breakpoint
CREATE TABLE "workspace" (
	"workspace_id" text PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "workflow_version" ADD CONSTRAINT "workflow_version_workspace_id_workflow_workflow_workspace_id_name_fk" FOREIGN KEY ("workspace_id","workflow") REFERENCES "public"."workflow"("workspace_id","name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "run_blob_of" ON "run_blob" USING btree ("workspace_id","sha256");--> statement-breakpoint
CREATE INDEX "event_by_name" ON "event" USING btree ("workspace_id",md5("name"),"received_at");--> statement-breakpoint
CREATE INDEX "event_age" ON "event" USING btree ("workspace_id","received_at");--> statement-breakpoint
CREATE INDEX "effect_age" ON "effect" USING btree ("workspace_id","at");--> statement-breakpoint
CREATE INDEX "kv_expiry" ON "kv" USING btree ("workspace_id","expires_at") WHERE "kv"."expires_at" is not null;--> statement-breakpoint
CREATE INDEX "run_newest" ON "run" USING btree ("workspace_id","started_at","id");--> statement-breakpoint
CREATE INDEX "run_of_workflow" ON "run" USING btree ("workspace_id","workflow","started_at","id");--> statement-breakpoint
CREATE INDEX "run_by_status" ON "run" USING btree ("workspace_id","status","started_at","id");--> statement-breakpoint
CREATE INDEX "run_open" ON "run" USING btree ("workspace_id","id") WHERE "run"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "wait_for_event" ON "wait" USING btree ("workspace_id",md5("event"),md5("key")) WHERE "wait"."event" is not null;