CREATE SCHEMA "guild";
--> statement-breakpoint
CREATE TYPE "guild"."guild_attendance" AS ENUM('GOING', 'MAYBE', 'DECLINED');--> statement-breakpoint
CREATE TYPE "guild"."guild_application_status" AS ENUM('PENDING', 'APPROVED', 'REJECTED', 'WITHDRAWN');--> statement-breakpoint
CREATE TYPE "guild"."guild_channel" AS ENUM('GUILD', 'OFFICER');--> statement-breakpoint
CREATE TYPE "guild"."guild_permission" AS ENUM('READ', 'MEMBERS_READ', 'PAGE_READ', 'CHAT', 'BANK_DEPOSIT', 'INVITE', 'BANK_WITHDRAW', 'KICK', 'REVIEW_APPLICATIONS', 'OFFICER_CHAT', 'MODERATE_CHAT', 'PAGE_EDIT', 'NEWS_CREATE', 'MANAGE_EVENTS', 'READ_AUDIT', 'PROMOTE', 'MANAGE_RANKS', 'MANAGE_BANK', 'EDIT_INFO', 'DISBAND');--> statement-breakpoint
CREATE TYPE "guild"."guild_post_kind" AS ENUM('NEWS', 'RECRUITMENT');--> statement-breakpoint
CREATE TYPE "guild"."guild_rank_kind" AS ENUM('LEADER', 'OFFICER', 'VETERAN', 'MEMBER', 'RECRUIT');--> statement-breakpoint
CREATE TYPE "guild"."guild_visibility" AS ENUM('PUBLIC', 'COMMUNITY', 'PRIVATE');--> statement-breakpoint
CREATE TABLE "guild"."activity" (
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
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "guild"."activity_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	CONSTRAINT "activity_tenant_id_subject_sequence_pk" PRIMARY KEY("tenant_id","subject","sequence")
);
--> statement-breakpoint
CREATE TABLE "guild"."applications" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"guild_id" uuid NOT NULL,
	"player_id" uuid NOT NULL,
	"status" "guild"."guild_application_status" NOT NULL,
	"message" text NOT NULL,
	"reason" text,
	"decider_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"decided_at" timestamp (3) with time zone,
	CONSTRAINT "applications_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "guild"."audit" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"guild_id" uuid NOT NULL,
	"action" text NOT NULL,
	"actor_id" uuid NOT NULL,
	"target_id" uuid,
	"subject_id" uuid,
	"reason" text,
	"before" jsonb NOT NULL,
	"after" jsonb NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "audit_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "guild"."bank_items" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"guild_id" uuid NOT NULL,
	"tab_id" uuid NOT NULL,
	"key" text collate "C" NOT NULL,
	"quantity" bigint NOT NULL,
	CONSTRAINT "bank_items_tenant_id_guild_id_tab_id_key_pk" PRIMARY KEY("tenant_id","guild_id","tab_id","key"),
	CONSTRAINT "bank_items_quantity" CHECK ("guild"."bank_items"."quantity" > 0)
);
--> statement-breakpoint
CREATE TABLE "guild"."bank_ledger" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"guild_id" uuid NOT NULL,
	"sequence" bigint NOT NULL,
	"player_id" uuid NOT NULL,
	"tab_id" uuid,
	"item_key" text,
	"amount" bigint NOT NULL,
	"balance" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "bank_ledger_tenant_id_guild_id_sequence_pk" PRIMARY KEY("tenant_id","guild_id","sequence"),
	CONSTRAINT "bank_ledger_item" CHECK (("guild"."bank_ledger"."tab_id" is null) = ("guild"."bank_ledger"."item_key" is null)),
	CONSTRAINT "bank_ledger_amount" CHECK ("guild"."bank_ledger"."amount" <> 0),
	CONSTRAINT "bank_ledger_balance" CHECK ("guild"."bank_ledger"."balance" >= 0 and "guild"."bank_ledger"."balance" >= "guild"."bank_ledger"."amount")
);
--> statement-breakpoint
CREATE TABLE "guild"."bank_tabs" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"guild_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "bank_tabs_tenant_id_guild_id_id_pk" PRIMARY KEY("tenant_id","guild_id","id")
);
--> statement-breakpoint
CREATE TABLE "guild"."bank_withdrawals" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"guild_id" uuid NOT NULL,
	"player_id" uuid NOT NULL,
	"day" date NOT NULL,
	"currency" bigint NOT NULL,
	"items" bigint NOT NULL,
	CONSTRAINT "bank_withdrawals_tenant_id_guild_id_player_id_day_pk" PRIMARY KEY("tenant_id","guild_id","player_id","day")
);
--> statement-breakpoint
CREATE TABLE "guild"."banks" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"guild_id" uuid NOT NULL,
	"currency" bigint NOT NULL,
	"entries" bigint NOT NULL,
	CONSTRAINT "banks_tenant_id_guild_id_pk" PRIMARY KEY("tenant_id","guild_id"),
	CONSTRAINT "banks_currency" CHECK ("guild"."banks"."currency" >= 0)
);
--> statement-breakpoint
CREATE TABLE "guild"."bans" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"guild_id" uuid NOT NULL,
	"player_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"banner_id" uuid NOT NULL,
	"reason" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "bans_tenant_id_guild_id_player_id_pk" PRIMARY KEY("tenant_id","guild_id","player_id")
);
--> statement-breakpoint
CREATE TABLE "guild"."calendar_counts" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"going" integer NOT NULL,
	"maybe" integer NOT NULL,
	"declined" integer NOT NULL,
	CONSTRAINT "calendar_counts_tenant_id_event_id_starts_at_pk" PRIMARY KEY("tenant_id","event_id","starts_at"),
	CONSTRAINT "calendar_counts_positive" CHECK ("guild"."calendar_counts"."going" >= 0 and "guild"."calendar_counts"."maybe" >= 0 and "guild"."calendar_counts"."declined" >= 0)
);
--> statement-breakpoint
CREATE TABLE "guild"."calendar_events" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"guild_id" uuid NOT NULL,
	"title" text NOT NULL,
	"description" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"duration_minutes" integer NOT NULL,
	"time_zone" text NOT NULL,
	"recurrence" text,
	"last_starts_at" timestamp (3) with time zone,
	"excluded" text[] NOT NULL,
	"creator_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"cancelled_at" timestamp (3) with time zone,
	CONSTRAINT "calendar_events_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "guild"."calendar_responses" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"player_id" uuid NOT NULL,
	"attendance" "guild"."guild_attendance" NOT NULL,
	"responded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "calendar_responses_tenant_id_event_id_starts_at_player_id_pk" PRIMARY KEY("tenant_id","event_id","starts_at","player_id")
);
--> statement-breakpoint
CREATE TABLE "guild"."commands" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"player_id" uuid NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"outcome" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "commands_tenant_id_player_id_key_pk" PRIMARY KEY("tenant_id","player_id","key")
);
--> statement-breakpoint
CREATE TABLE "guild"."guilds" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"community_id" uuid NOT NULL,
	"name" text NOT NULL,
	"name_key" text collate "C" NOT NULL,
	"slug" text NOT NULL,
	"description" text NOT NULL,
	"visibility" "guild"."guild_visibility" NOT NULL,
	"recruiting" boolean NOT NULL,
	"leader_id" uuid NOT NULL,
	"member_count" integer NOT NULL,
	"max_members" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"archived_at" timestamp (3) with time zone,
	CONSTRAINT "guilds_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "guilds_max_members" CHECK ("guild"."guilds"."max_members" between 1 and 1000),
	CONSTRAINT "guilds_member_count" CHECK ("guild"."guilds"."member_count" between 1 and "guild"."guilds"."max_members")
);
--> statement-breakpoint
CREATE TABLE "guild"."activity_heads" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"subject" text NOT NULL,
	"sequence" bigint NOT NULL,
	CONSTRAINT "activity_heads_tenant_id_subject_pk" PRIMARY KEY("tenant_id","subject")
);
--> statement-breakpoint
CREATE TABLE "guild"."invites" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"guild_id" uuid NOT NULL,
	"code" text NOT NULL,
	"creator_id" uuid NOT NULL,
	"rank_id" uuid NOT NULL,
	"uses" integer DEFAULT 0 NOT NULL,
	"max_uses" integer,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "invites_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "invites_uses" CHECK ("guild"."invites"."uses" between 0 and coalesce("guild"."invites"."max_uses", "guild"."invites"."uses"))
);
--> statement-breakpoint
CREATE TABLE "guild"."members" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"guild_id" uuid NOT NULL,
	"player_id" uuid NOT NULL,
	"rank_id" uuid NOT NULL,
	"joined_at" timestamp (3) with time zone NOT NULL,
	"note" text,
	CONSTRAINT "members_tenant_id_guild_id_player_id_pk" PRIMARY KEY("tenant_id","guild_id","player_id")
);
--> statement-breakpoint
CREATE TABLE "guild"."messages" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"guild_id" uuid NOT NULL,
	"channel" "guild"."guild_channel" NOT NULL,
	"author_id" uuid NOT NULL,
	"body" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"deleted_by" uuid,
	CONSTRAINT "messages_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "messages_deleted" CHECK (("guild"."messages"."body" is null) = ("guild"."messages"."deleted_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "guild"."pages" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"guild_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"headline" text NOT NULL,
	"body" text NOT NULL,
	"tags" text[] NOT NULL,
	"media" jsonb NOT NULL,
	"editor_id" uuid NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "pages_tenant_id_guild_id_pk" PRIMARY KEY("tenant_id","guild_id")
);
--> statement-breakpoint
CREATE TABLE "guild"."posts" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"guild_id" uuid NOT NULL,
	"kind" "guild"."guild_post_kind" NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"version" integer NOT NULL,
	"author_id" uuid NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "posts_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "guild"."ranks" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"guild_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"level" double precision NOT NULL,
	"name" text NOT NULL,
	"kind" "guild"."guild_rank_kind",
	"permissions" "guild"."guild_permission"[] NOT NULL,
	"bank_currency_limit" bigint,
	"bank_item_limit" bigint,
	CONSTRAINT "ranks_tenant_id_guild_id_id_pk" PRIMARY KEY("tenant_id","guild_id","id"),
	CONSTRAINT "ranks_level" CHECK ("guild"."ranks"."level" between 1 and 5)
);
--> statement-breakpoint
CREATE TABLE "guild"."activity_relays" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"bus" text NOT NULL,
	"xid" "xid8" NOT NULL,
	"store" text NOT NULL,
	"stored" bigint NOT NULL,
	CONSTRAINT "activity_relays_tenant_id_bus_pk" PRIMARY KEY("tenant_id","bus")
);
--> statement-breakpoint
CREATE TABLE "guild"."tags" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"tag" text NOT NULL,
	"name_key" text collate "C" NOT NULL,
	"guild_id" uuid NOT NULL,
	CONSTRAINT "tags_tenant_id_tag_name_key_guild_id_pk" PRIMARY KEY("tenant_id","tag","name_key","guild_id")
);
--> statement-breakpoint
ALTER TABLE "guild"."applications" ADD CONSTRAINT "applications_tenant_id_guild_id_guilds_tenant_id_id_fk" FOREIGN KEY ("tenant_id","guild_id") REFERENCES "guild"."guilds"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."audit" ADD CONSTRAINT "audit_tenant_id_guild_id_guilds_tenant_id_id_fk" FOREIGN KEY ("tenant_id","guild_id") REFERENCES "guild"."guilds"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."bank_items" ADD CONSTRAINT "bank_items_tab" FOREIGN KEY ("tenant_id","guild_id","tab_id") REFERENCES "guild"."bank_tabs"("tenant_id","guild_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."bank_ledger" ADD CONSTRAINT "bank_ledger_tenant_id_guild_id_banks_tenant_id_guild_id_fk" FOREIGN KEY ("tenant_id","guild_id") REFERENCES "guild"."banks"("tenant_id","guild_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."bank_tabs" ADD CONSTRAINT "bank_tabs_tenant_id_guild_id_guilds_tenant_id_id_fk" FOREIGN KEY ("tenant_id","guild_id") REFERENCES "guild"."guilds"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."bank_withdrawals" ADD CONSTRAINT "bank_withdrawals_tenant_id_guild_id_banks_tenant_id_guild_id_fk" FOREIGN KEY ("tenant_id","guild_id") REFERENCES "guild"."banks"("tenant_id","guild_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."banks" ADD CONSTRAINT "banks_tenant_id_guild_id_guilds_tenant_id_id_fk" FOREIGN KEY ("tenant_id","guild_id") REFERENCES "guild"."guilds"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."bans" ADD CONSTRAINT "bans_tenant_id_guild_id_guilds_tenant_id_id_fk" FOREIGN KEY ("tenant_id","guild_id") REFERENCES "guild"."guilds"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."calendar_counts" ADD CONSTRAINT "calendar_counts_event" FOREIGN KEY ("tenant_id","event_id") REFERENCES "guild"."calendar_events"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."calendar_events" ADD CONSTRAINT "calendar_events_tenant_id_guild_id_guilds_tenant_id_id_fk" FOREIGN KEY ("tenant_id","guild_id") REFERENCES "guild"."guilds"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."calendar_responses" ADD CONSTRAINT "calendar_responses_event" FOREIGN KEY ("tenant_id","event_id") REFERENCES "guild"."calendar_events"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."invites" ADD CONSTRAINT "invites_rank" FOREIGN KEY ("tenant_id","guild_id","rank_id") REFERENCES "guild"."ranks"("tenant_id","guild_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."members" ADD CONSTRAINT "members_tenant_id_guild_id_guilds_tenant_id_id_fk" FOREIGN KEY ("tenant_id","guild_id") REFERENCES "guild"."guilds"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."members" ADD CONSTRAINT "members_rank" FOREIGN KEY ("tenant_id","guild_id","rank_id") REFERENCES "guild"."ranks"("tenant_id","guild_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."messages" ADD CONSTRAINT "messages_tenant_id_guild_id_guilds_tenant_id_id_fk" FOREIGN KEY ("tenant_id","guild_id") REFERENCES "guild"."guilds"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."pages" ADD CONSTRAINT "pages_tenant_id_guild_id_guilds_tenant_id_id_fk" FOREIGN KEY ("tenant_id","guild_id") REFERENCES "guild"."guilds"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."posts" ADD CONSTRAINT "posts_tenant_id_guild_id_guilds_tenant_id_id_fk" FOREIGN KEY ("tenant_id","guild_id") REFERENCES "guild"."guilds"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."ranks" ADD CONSTRAINT "ranks_tenant_id_guild_id_guilds_tenant_id_id_fk" FOREIGN KEY ("tenant_id","guild_id") REFERENCES "guild"."guilds"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."tags" ADD CONSTRAINT "tags_tenant_id_guild_id_guilds_tenant_id_id_fk" FOREIGN KEY ("tenant_id","guild_id") REFERENCES "guild"."guilds"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "activity_order" ON "guild"."activity" USING btree ("xid","position");--> statement-breakpoint
CREATE UNIQUE INDEX "activity_position" ON "guild"."activity" USING btree ("position");--> statement-breakpoint
CREATE UNIQUE INDEX "applications_one_pending" ON "guild"."applications" USING btree ("tenant_id","guild_id","player_id") WHERE "guild"."applications"."status" = 'PENDING';--> statement-breakpoint
CREATE INDEX "applications_of_guild" ON "guild"."applications" USING btree ("tenant_id","guild_id","id") WHERE "guild"."applications"."status" = 'PENDING';--> statement-breakpoint
CREATE INDEX "applications_of_player" ON "guild"."applications" USING btree ("tenant_id","player_id","id");--> statement-breakpoint
CREATE INDEX "audit_of_guild" ON "guild"."audit" USING btree ("tenant_id","guild_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "bank_tabs_one_name" ON "guild"."bank_tabs" USING btree ("tenant_id","guild_id","name_key");--> statement-breakpoint
CREATE INDEX "bans_of_guild" ON "guild"."bans" USING btree ("tenant_id","guild_id","id");--> statement-breakpoint
CREATE INDEX "calendar_single" ON "guild"."calendar_events" USING btree ("tenant_id","guild_id","starts_at","id") WHERE "guild"."calendar_events"."recurrence" is null and "guild"."calendar_events"."cancelled_at" is null;--> statement-breakpoint
CREATE INDEX "calendar_recurring" ON "guild"."calendar_events" USING btree ("tenant_id","guild_id","last_starts_at") WHERE "guild"."calendar_events"."recurrence" is not null and "guild"."calendar_events"."cancelled_at" is null;--> statement-breakpoint
CREATE INDEX "calendar_responses_of_player" ON "guild"."calendar_responses" USING btree ("tenant_id","player_id","starts_at");--> statement-breakpoint
CREATE INDEX "commands_age" ON "guild"."commands" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "guilds_one_name" ON "guild"."guilds" USING btree ("tenant_id","community_id","name_key") WHERE "guild"."guilds"."archived_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "guilds_one_slug" ON "guild"."guilds" USING btree ("tenant_id","community_id","slug") WHERE "guild"."guilds"."archived_at" is null;--> statement-breakpoint
CREATE INDEX "guilds_by_name" ON "guild"."guilds" USING btree ("tenant_id","name_key","id");--> statement-breakpoint
CREATE INDEX "guilds_recruiting" ON "guild"."guilds" USING btree ("tenant_id","name_key","id") WHERE "guild"."guilds"."recruiting";--> statement-breakpoint
CREATE INDEX "guilds_recruiting_of_community" ON "guild"."guilds" USING btree ("tenant_id","community_id","name_key","id") WHERE "guild"."guilds"."recruiting";--> statement-breakpoint
CREATE UNIQUE INDEX "invites_one_code" ON "guild"."invites" USING btree ("tenant_id","code");--> statement-breakpoint
CREATE INDEX "invites_of_guild" ON "guild"."invites" USING btree ("tenant_id","guild_id","id") WHERE "guild"."invites"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "members_of_guild" ON "guild"."members" USING btree ("tenant_id","guild_id","joined_at","player_id");--> statement-breakpoint
CREATE INDEX "members_of_player" ON "guild"."members" USING btree ("tenant_id","player_id","joined_at","guild_id");--> statement-breakpoint
CREATE INDEX "messages_of_channel" ON "guild"."messages" USING btree ("tenant_id","guild_id","channel","id");--> statement-breakpoint
CREATE INDEX "posts_of_guild" ON "guild"."posts" USING btree ("tenant_id","guild_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "ranks_one_level" ON "guild"."ranks" USING btree ("tenant_id","guild_id","level");--> statement-breakpoint
CREATE UNIQUE INDEX "ranks_one_kind" ON "guild"."ranks" USING btree ("tenant_id","guild_id","kind");--> statement-breakpoint
CREATE INDEX "tags_of_guild" ON "guild"."tags" USING btree ("tenant_id","guild_id");