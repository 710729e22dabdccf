CREATE TABLE "payment_attempt" (
	"workspace_id" text NOT NULL,
	"intent_id" text NOT NULL,
	"no" integer NOT NULL,
	"signature" text NOT NULL,
	"wire" "bytea" NOT NULL,
	"blockhash" text NOT NULL,
	"horizon" bigint NOT NULL,
	"fee" bigint NOT NULL,
	"cost" bigint NOT NULL,
	"receipt" text,
	"state" text NOT NULL,
	"proof" text,
	"signed_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "payment_attempt_workspace_id_intent_id_no_pk" PRIMARY KEY("workspace_id","intent_id","no")
);
--> statement-breakpoint
CREATE TABLE "payment_intent" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"chain" text NOT NULL,
	"wallet" text NOT NULL,
	"connection" text NOT NULL,
	"recipient" text NOT NULL,
	"asset" text NOT NULL,
	"amount" numeric(40, 0) NOT NULL,
	"decimals" integer NOT NULL,
	"state" text NOT NULL,
	"proof" text,
	"round" integer NOT NULL,
	"run_id" text NOT NULL,
	"workflow" text NOT NULL,
	"step" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone,
	CONSTRAINT "payment_intent_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "payment_reservation" (
	"workspace_id" text NOT NULL,
	"intent_id" text NOT NULL,
	"round" integer NOT NULL,
	"asset" text NOT NULL,
	"chain" text NOT NULL,
	"wallet" text NOT NULL,
	"recipient" text NOT NULL,
	"run_id" text NOT NULL,
	"amount" numeric(40, 0) NOT NULL,
	"state" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "payment_reservation_workspace_id_intent_id_round_asset_pk" PRIMARY KEY("workspace_id","intent_id","round","asset")
);
--> statement-breakpoint
CREATE TABLE "wallet" (
	"workspace_id" text NOT NULL,
	"address" text NOT NULL,
	"stopped_at" timestamp (3) with time zone,
	"stopped_because" text,
	CONSTRAINT "wallet_workspace_id_address_pk" PRIMARY KEY("workspace_id","address")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "payment_attempt_signature" ON "payment_attempt" USING btree ("workspace_id","signature");--> statement-breakpoint
CREATE INDEX "payment_intent_wallet" ON "payment_intent" USING btree ("workspace_id","wallet","created_at","id");--> statement-breakpoint
CREATE INDEX "payment_reservation_wallet" ON "payment_reservation" USING btree ("workspace_id","wallet","asset","state","changed_at");
--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['payment_attempt', 'payment_intent', 'payment_reservation', 'wallet'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (workspace_id = nullif(current_setting(''app.workspace'', true), '''')) '
      'WITH CHECK (workspace_id = nullif(current_setting(''app.workspace'', true), ''''))', name);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
      EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO blok_app', name);
      -- What was signed and spent is never deleted.
      EXECUTE format('REVOKE DELETE ON %I FROM blok_app', name);
    END IF;
  END LOOP;
END $$;
