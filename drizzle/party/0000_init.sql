CREATE SCHEMA "party";
--> statement-breakpoint
CREATE TYPE "party"."party_invite_status" AS ENUM('PENDING', 'ACCEPTED', 'DECLINED', 'CANCELLED', 'EXPIRED');--> statement-breakpoint
CREATE TYPE "party"."party_join_policy" AS ENUM('INVITE_ONLY', 'OPEN');--> statement-breakpoint
CREATE TYPE "party"."party_role" AS ENUM('TANK', 'HEALER', 'DPS');--> statement-breakpoint
CREATE TYPE "party"."party_status" AS ENUM('ACTIVE', 'DISBANDED');--> statement-breakpoint
CREATE TABLE "party"."activity" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"subject" text NOT NULL,
	"sequence" bigint NOT NULL,
	"id" uuid NOT NULL,
	"type" text NOT NULL,
	"actor_id" uuid,
	"data" jsonb NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"copy" boolean DEFAULT false NOT NULL,
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "party"."activity_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	CONSTRAINT "activity_tenant_id_subject_sequence_pk" PRIMARY KEY("tenant_id","subject","sequence")
);
--> statement-breakpoint
CREATE TABLE "party"."commands" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"player_id" uuid NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"outcome" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "commands_tenant_id_player_id_key_pk" PRIMARY KEY("tenant_id","player_id","key")
);
--> statement-breakpoint
CREATE TABLE "party"."activity_heads" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"subject" text NOT NULL,
	"sequence" bigint NOT NULL,
	CONSTRAINT "activity_heads_tenant_id_subject_pk" PRIMARY KEY("tenant_id","subject")
);
--> statement-breakpoint
CREATE TABLE "party"."invites" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"player_id" uuid NOT NULL,
	"inviter_id" uuid NOT NULL,
	"status" "party"."party_invite_status" DEFAULT 'PENDING' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "invites_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "party"."members" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"player_id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"role" "party"."party_role",
	"joined_at" timestamp (3) with time zone NOT NULL,
	"standing" bigint GENERATED ALWAYS AS IDENTITY (sequence name "party"."members_standing_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	CONSTRAINT "members_one_party" PRIMARY KEY("tenant_id","player_id")
);
--> statement-breakpoint
CREATE TABLE "party"."parties" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"leader_id" uuid,
	"status" "party"."party_status" DEFAULT 'ACTIVE' NOT NULL,
	"join_policy" "party"."party_join_policy" NOT NULL,
	"max_members" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "parties_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "parties_max_members" CHECK ("party"."parties"."max_members" between 2 and 5),
	CONSTRAINT "parties_leader" CHECK (("party"."parties"."status" = 'ACTIVE') = ("party"."parties"."leader_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "party"."activity_relays" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"bus" text NOT NULL,
	"xid" "xid8" NOT NULL,
	"store" text NOT NULL,
	"stored" bigint NOT NULL,
	CONSTRAINT "activity_relays_tenant_id_bus_pk" PRIMARY KEY("tenant_id","bus")
);
--> statement-breakpoint
ALTER TABLE "party"."invites" ADD CONSTRAINT "invites_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "party"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."members" ADD CONSTRAINT "members_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "party"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "activity_order" ON "party"."activity" USING btree ("xid","position");--> statement-breakpoint
CREATE UNIQUE INDEX "activity_position" ON "party"."activity" USING btree ("position");--> statement-breakpoint
CREATE INDEX "commands_age" ON "party"."commands" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "invites_one_pending" ON "party"."invites" USING btree ("tenant_id","party_id","player_id") WHERE "party"."invites"."status" = 'PENDING';--> statement-breakpoint
CREATE INDEX "invites_of_player" ON "party"."invites" USING btree ("tenant_id","player_id","id") WHERE "party"."invites"."status" = 'PENDING';--> statement-breakpoint
CREATE INDEX "members_of_party" ON "party"."members" USING btree ("tenant_id","party_id","standing");