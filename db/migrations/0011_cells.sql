CREATE TABLE "cell" (
	"workspace_id" text NOT NULL,
	"key" text NOT NULL,
	"run_id" text NOT NULL,
	"attempt" integer NOT NULL,
	"dek_version" integer,
	"nonce" "bytea",
	"ciphertext" "bytea",
	"written_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "cell_workspace_id_key_pk" PRIMARY KEY("workspace_id","key")
);
--> statement-breakpoint
CREATE INDEX "cell_age" ON "cell" USING btree ("workspace_id","written_at");--> statement-breakpoint
ALTER TABLE "cell" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "cell" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "cell" USING (workspace_id = nullif(current_setting('app.workspace', true), ''))
  WITH CHECK (workspace_id = nullif(current_setting('app.workspace', true), ''));
--> statement-breakpoint
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON "cell" TO blok_app;
  END IF;
END $$;
