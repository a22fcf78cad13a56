CREATE SCHEMA "guild";
--> statement-breakpoint
CREATE TYPE "guild"."guild_permission" AS ENUM('READ', 'MEMBERS_READ', 'PAGE_READ', 'CHAT', 'BANK_DEPOSIT', 'INVITE', 'BANK_WITHDRAW', 'KICK', 'REVIEW_APPLICATIONS', 'OFFICER_CHAT', 'MODERATE_CHAT', 'PAGE_EDIT', 'NEWS_CREATE', 'MANAGE_EVENTS', 'READ_AUDIT', 'PROMOTE', 'MANAGE_RANKS', 'MANAGE_BANK', 'EDIT_INFO', 'DISBAND');--> statement-breakpoint
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
	CONSTRAINT "members_tenant_id_guild_id_player_id_pk" PRIMARY KEY("tenant_id","guild_id","player_id")
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
ALTER TABLE "guild"."invites" ADD CONSTRAINT "invites_rank" FOREIGN KEY ("tenant_id","guild_id","rank_id") REFERENCES "guild"."ranks"("tenant_id","guild_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."members" ADD CONSTRAINT "members_tenant_id_guild_id_guilds_tenant_id_id_fk" FOREIGN KEY ("tenant_id","guild_id") REFERENCES "guild"."guilds"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."members" ADD CONSTRAINT "members_rank" FOREIGN KEY ("tenant_id","guild_id","rank_id") REFERENCES "guild"."ranks"("tenant_id","guild_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guild"."ranks" ADD CONSTRAINT "ranks_tenant_id_guild_id_guilds_tenant_id_id_fk" FOREIGN KEY ("tenant_id","guild_id") REFERENCES "guild"."guilds"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "activity_order" ON "guild"."activity" USING btree ("xid","position");--> statement-breakpoint
CREATE UNIQUE INDEX "activity_position" ON "guild"."activity" USING btree ("position");--> statement-breakpoint
CREATE INDEX "commands_age" ON "guild"."commands" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "guilds_one_name" ON "guild"."guilds" USING btree ("tenant_id","community_id","name_key");--> statement-breakpoint
CREATE UNIQUE INDEX "guilds_one_slug" ON "guild"."guilds" USING btree ("tenant_id","community_id","slug");--> statement-breakpoint
CREATE INDEX "guilds_by_name" ON "guild"."guilds" USING btree ("tenant_id","name_key","id");--> statement-breakpoint
CREATE UNIQUE INDEX "invites_one_code" ON "guild"."invites" USING btree ("tenant_id","code");--> statement-breakpoint
CREATE INDEX "invites_of_guild" ON "guild"."invites" USING btree ("tenant_id","guild_id","id") WHERE "guild"."invites"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "members_of_guild" ON "guild"."members" USING btree ("tenant_id","guild_id","joined_at","player_id");--> statement-breakpoint
CREATE INDEX "members_of_player" ON "guild"."members" USING btree ("tenant_id","player_id","joined_at","guild_id");--> statement-breakpoint
CREATE UNIQUE INDEX "ranks_one_level" ON "guild"."ranks" USING btree ("tenant_id","guild_id","level");--> statement-breakpoint
CREATE UNIQUE INDEX "ranks_one_kind" ON "guild"."ranks" USING btree ("tenant_id","guild_id","kind");