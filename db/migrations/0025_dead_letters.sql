CREATE TABLE "dead_letter" (
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"trigger" text NOT NULL,
	"key" text NOT NULL,
	"place" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "dead_letter_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	CONSTRAINT "dead_letter_pk" PRIMARY KEY("workspace_id","workflow","trigger","key")
);
--> statement-breakpoint
ALTER TABLE "dead_letter" ADD CONSTRAINT "dead_letter_of_trigger" FOREIGN KEY ("workspace_id","workflow","trigger") REFERENCES "public"."trigger"("workspace_id","workflow","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "dead_letter_order" ON "dead_letter" USING btree ("workspace_id","workflow","trigger","seq");--> statement-breakpoint
ALTER TABLE "dead_letter" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "dead_letter" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY tenant ON "dead_letter" USING (workspace_id = nullif(current_setting('app.workspace', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace', true), ''));--> statement-breakpoint
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON "dead_letter" TO blok_app;
  END IF;
END $$;
