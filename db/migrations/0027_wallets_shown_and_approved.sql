CREATE TABLE "payment_approval" (
	"workspace_id" text NOT NULL,
	"intent_id" text NOT NULL,
	"plan" text NOT NULL,
	"chain" text NOT NULL,
	"wallet" text NOT NULL,
	"shown" text NOT NULL,
	"run_id" text NOT NULL,
	"workflow" text NOT NULL,
	"step" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"decided_at" timestamp (3) with time zone,
	"decided_by" text,
	"note" text,
	"dek_version" integer,
	"nonce" "bytea",
	"ciphertext" "bytea",
	CONSTRAINT "payment_approval_workspace_id_intent_id_plan_pk" PRIMARY KEY("workspace_id","intent_id","plan")
);
--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "shown_nonce" "bytea";--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "shown_ciphertext" "bytea";--> statement-breakpoint
ALTER TABLE "payment_intent" ADD COLUMN "signing_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "payment_intent" ADD COLUMN "decided_no" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "payment_approval_wallet" ON "payment_approval" USING btree ("workspace_id","wallet","state","asked_at");--> statement-breakpoint
CREATE INDEX "payment_intent_recipient" ON "payment_intent" USING btree ("workspace_id","wallet","recipient");
--> statement-breakpoint
ALTER TABLE "payment_approval" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "payment_approval" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY tenant ON "payment_approval" USING (workspace_id = nullif(current_setting('app.workspace', true), ''))
  WITH CHECK (workspace_id = nullif(current_setting('app.workspace', true), ''));--> statement-breakpoint
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
    GRANT SELECT, INSERT, UPDATE ON "payment_approval" TO blok_app;
    -- What people decided is never deleted.
    REVOKE DELETE ON "payment_approval" FROM blok_app;
  END IF;
END $$;
