CREATE SCHEMA "social_group";
--> statement-breakpoint
CREATE TYPE "social_group"."organization_role" AS ENUM('OWNER', 'MODERATOR', 'MEMBER');--> statement-breakpoint
CREATE TYPE "social_group"."registration_status" AS ENUM('REGISTERED', 'WAITING');--> statement-breakpoint
CREATE TABLE "social_group"."activity" (
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
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "social_group"."activity_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	CONSTRAINT "activity_tenant_id_subject_sequence_pk" PRIMARY KEY("tenant_id","subject","sequence")
);
--> statement-breakpoint
CREATE TABLE "social_group"."commands" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"player_id" uuid NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"outcome" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "commands_tenant_id_player_id_key_pk" PRIMARY KEY("tenant_id","player_id","key")
);
--> statement-breakpoint
CREATE TABLE "social_group"."organization_event_groups" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"group_id" uuid NOT NULL,
	CONSTRAINT "organization_event_groups_tenant_id_event_id_group_id_pk" PRIMARY KEY("tenant_id","event_id","group_id")
);
--> statement-breakpoint
CREATE TABLE "social_group"."group_members" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	"group_id" uuid NOT NULL,
	"player_id" uuid NOT NULL,
	"joined_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "group_members_tenant_id_group_id_player_id_pk" PRIMARY KEY("tenant_id","group_id","player_id")
);
--> statement-breakpoint
CREATE TABLE "social_group"."groups" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"invite_code" text NOT NULL,
	"creator_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "groups_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "groups_of_organization" UNIQUE("tenant_id","organization_id","id"),
	CONSTRAINT "groups_name" CHECK (char_length("social_group"."groups"."name") between 1 and 100),
	CONSTRAINT "groups_description" CHECK (char_length("social_group"."groups"."description") between 1 and 2000)
);
--> statement-breakpoint
CREATE TABLE "social_group"."activity_heads" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"subject" text NOT NULL,
	"sequence" bigint NOT NULL,
	CONSTRAINT "activity_heads_tenant_id_subject_pk" PRIMARY KEY("tenant_id","subject")
);
--> statement-breakpoint
CREATE TABLE "social_group"."organization_events" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"time_zone" text NOT NULL,
	"is_public" boolean NOT NULL,
	"capacity" integer,
	"registered_count" integer DEFAULT 0 NOT NULL,
	"waiting_count" integer DEFAULT 0 NOT NULL,
	"next_place" integer DEFAULT 1 NOT NULL,
	"cancelled_at" timestamp (3) with time zone,
	"creator_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "organization_events_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "organization_events_of_organization" UNIQUE("tenant_id","organization_id","id"),
	CONSTRAINT "organization_events_name" CHECK (char_length("social_group"."organization_events"."name") between 1 and 100),
	CONSTRAINT "organization_events_description" CHECK (char_length("social_group"."organization_events"."description") between 1 and 2000),
	CONSTRAINT "organization_events_times" CHECK ("social_group"."organization_events"."starts_at" < "social_group"."organization_events"."ends_at"),
	CONSTRAINT "organization_events_capacity" CHECK ("social_group"."organization_events"."registered_count" between 0 and "social_group"."organization_events"."capacity"),
	CONSTRAINT "organization_events_waiting" CHECK ("social_group"."organization_events"."waiting_count" >= 0)
);
--> statement-breakpoint
CREATE TABLE "social_group"."organization_members" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	"player_id" uuid NOT NULL,
	"role" "social_group"."organization_role" NOT NULL,
	"joined_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "organization_members_tenant_id_organization_id_player_id_pk" PRIMARY KEY("tenant_id","organization_id","player_id")
);
--> statement-breakpoint
CREATE TABLE "social_group"."organizations" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "organizations_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "organizations_name" CHECK (char_length("social_group"."organizations"."name") between 1 and 100),
	CONSTRAINT "organizations_description" CHECK (char_length("social_group"."organizations"."description") between 1 and 2000)
);
--> statement-breakpoint
CREATE TABLE "social_group"."organization_event_registrations" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"player_id" uuid NOT NULL,
	"status" "social_group"."registration_status" NOT NULL,
	"place" integer NOT NULL,
	"registered_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "organization_event_registrations_tenant_id_event_id_player_id_pk" PRIMARY KEY("tenant_id","event_id","player_id")
);
--> statement-breakpoint
CREATE TABLE "social_group"."activity_relays" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"bus" text NOT NULL,
	"xid" "xid8" NOT NULL,
	"store" text NOT NULL,
	"stored" bigint NOT NULL,
	CONSTRAINT "activity_relays_tenant_id_bus_pk" PRIMARY KEY("tenant_id","bus")
);
--> statement-breakpoint
ALTER TABLE "social_group"."organization_event_groups" ADD CONSTRAINT "organization_event_groups_event" FOREIGN KEY ("tenant_id","organization_id","event_id") REFERENCES "social_group"."organization_events"("tenant_id","organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "social_group"."organization_event_groups" ADD CONSTRAINT "organization_event_groups_group" FOREIGN KEY ("tenant_id","organization_id","group_id") REFERENCES "social_group"."groups"("tenant_id","organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "social_group"."group_members" ADD CONSTRAINT "group_members_group" FOREIGN KEY ("tenant_id","organization_id","group_id") REFERENCES "social_group"."groups"("tenant_id","organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "social_group"."group_members" ADD CONSTRAINT "group_members_are_organization_members" FOREIGN KEY ("tenant_id","organization_id","player_id") REFERENCES "social_group"."organization_members"("tenant_id","organization_id","player_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "social_group"."groups" ADD CONSTRAINT "groups_organization" FOREIGN KEY ("tenant_id","organization_id") REFERENCES "social_group"."organizations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "social_group"."organization_events" ADD CONSTRAINT "organization_events_organization" FOREIGN KEY ("tenant_id","organization_id") REFERENCES "social_group"."organizations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "social_group"."organization_members" ADD CONSTRAINT "organization_members_organization" FOREIGN KEY ("tenant_id","organization_id") REFERENCES "social_group"."organizations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "social_group"."organization_event_registrations" ADD CONSTRAINT "organization_event_registrations_event" FOREIGN KEY ("tenant_id","organization_id","event_id") REFERENCES "social_group"."organization_events"("tenant_id","organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "social_group"."organization_event_registrations" ADD CONSTRAINT "organization_event_registrations_member" FOREIGN KEY ("tenant_id","organization_id","player_id") REFERENCES "social_group"."organization_members"("tenant_id","organization_id","player_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "activity_order" ON "social_group"."activity" USING btree ("xid","position");--> statement-breakpoint
CREATE UNIQUE INDEX "activity_position" ON "social_group"."activity" USING btree ("position");--> statement-breakpoint
CREATE INDEX "commands_age" ON "social_group"."commands" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "organization_event_groups_of_group" ON "social_group"."organization_event_groups" USING btree ("tenant_id","group_id","event_id");--> statement-breakpoint
CREATE INDEX "group_members_in_order" ON "social_group"."group_members" USING btree ("tenant_id","group_id","joined_at","player_id");--> statement-breakpoint
CREATE INDEX "group_members_of_player" ON "social_group"."group_members" USING btree ("tenant_id","player_id","group_id");--> statement-breakpoint
CREATE UNIQUE INDEX "groups_invite_code" ON "social_group"."groups" USING btree ("invite_code");--> statement-breakpoint
CREATE INDEX "organization_events_in_order" ON "social_group"."organization_events" USING btree ("tenant_id","organization_id","starts_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "organization_members_one_owner" ON "social_group"."organization_members" USING btree ("tenant_id","organization_id") WHERE "social_group"."organization_members"."role" = 'OWNER';--> statement-breakpoint
CREATE INDEX "organization_members_in_order" ON "social_group"."organization_members" USING btree ("tenant_id","organization_id","joined_at","player_id");--> statement-breakpoint
CREATE INDEX "organization_members_of_player" ON "social_group"."organization_members" USING btree ("tenant_id","player_id","organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "organization_event_registrations_in_order" ON "social_group"."organization_event_registrations" USING btree ("tenant_id","event_id","place");--> statement-breakpoint
CREATE INDEX "organization_event_registrations_waiting" ON "social_group"."organization_event_registrations" USING btree ("tenant_id","event_id","place") WHERE "social_group"."organization_event_registrations"."status" = 'WAITING';--> statement-breakpoint
CREATE INDEX "organization_event_registrations_of_player" ON "social_group"."organization_event_registrations" USING btree ("tenant_id","organization_id","player_id");