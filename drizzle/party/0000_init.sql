CREATE SCHEMA "party";
--> statement-breakpoint
CREATE TYPE "party"."deadline_kind" AS ENUM('LOOT_ROLL', 'INVITE', 'READY_CHECK');--> statement-breakpoint
CREATE TYPE "party"."party_invite_status" AS ENUM('PENDING', 'ACCEPTED', 'DECLINED', 'CANCELLED', 'EXPIRED');--> statement-breakpoint
CREATE TYPE "party"."party_join_policy" AS ENUM('INVITE_ONLY', 'OPEN');--> statement-breakpoint
CREATE TYPE "party"."party_loot_item_status" AS ENUM('ROLLING', 'UNASSIGNED', 'FREE', 'AWARDED');--> statement-breakpoint
CREATE TYPE "party"."party_loot_mode" AS ENUM('NEED_GREED', 'PERSONAL', 'MASTER_LOOTER', 'FREE_FOR_ALL');--> statement-breakpoint
CREATE TYPE "party"."party_loot_quality" AS ENUM('POOR', 'COMMON', 'UNCOMMON', 'RARE', 'EPIC', 'LEGENDARY');--> statement-breakpoint
CREATE TYPE "party"."party_loot_vote" AS ENUM('NEED', 'GREED', 'PASS');--> statement-breakpoint
CREATE TYPE "party"."party_quest_status" AS ENUM('ACTIVE', 'COMPLETED', 'ABANDONED');--> statement-breakpoint
CREATE TYPE "party"."party_queue_status" AS ENUM('WAITING', 'MATCHED', 'LEFT');--> statement-breakpoint
CREATE TYPE "party"."party_ready_answer" AS ENUM('READY', 'NOT_READY');--> statement-breakpoint
CREATE TYPE "party"."party_ready_check_status" AS ENUM('OPEN', 'PASSED', 'FAILED', 'CANCELLED');--> statement-breakpoint
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
CREATE TABLE "party"."deadlines" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"kind" "party"."deadline_kind" NOT NULL,
	"id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "deadlines_tenant_id_kind_id_pk" PRIMARY KEY("tenant_id","kind","id")
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
CREATE TABLE "party"."loot_candidates" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"item_id" uuid NOT NULL,
	"player_id" uuid NOT NULL,
	"may_need" boolean NOT NULL,
	"vote" "party"."party_loot_vote",
	"left" boolean DEFAULT false NOT NULL,
	CONSTRAINT "loot_candidates_tenant_id_item_id_player_id_pk" PRIMARY KEY("tenant_id","item_id","player_id")
);
--> statement-breakpoint
CREATE TABLE "party"."loot_drops" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"report_id" text NOT NULL,
	"source" text NOT NULL,
	"loot_mode" "party"."party_loot_mode" DEFAULT 'NEED_GREED' NOT NULL,
	"loot_threshold" "party"."party_loot_quality" DEFAULT 'UNCOMMON' NOT NULL,
	"master_looter_id" uuid,
	"roll_seconds" integer DEFAULT 60 NOT NULL,
	"commitment" text NOT NULL,
	"seed" text NOT NULL,
	"revealed_at" timestamp (3) with time zone,
	"dropped_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "loot_drops_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "party"."loot_items" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"drop_id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"place" integer NOT NULL,
	"item_key" text NOT NULL,
	"name" text NOT NULL,
	"quality" "party"."party_loot_quality" NOT NULL,
	"mode" "party"."party_loot_mode" NOT NULL,
	"status" "party"."party_loot_item_status" NOT NULL,
	"rolls_until" timestamp (3) with time zone,
	"rounds" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"winner_id" uuid,
	"awarded_at" timestamp (3) with time zone,
	CONSTRAINT "loot_items_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "loot_items_winner" CHECK (("party"."loot_items"."status" = 'AWARDED') = ("party"."loot_items"."winner_id" is not null))
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
CREATE TABLE "party"."messages" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"author_id" uuid NOT NULL,
	"body" text,
	"posted_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "messages_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "messages_body" CHECK (char_length("party"."messages"."body") between 1 and 2000),
	CONSTRAINT "messages_deleted" CHECK (("party"."messages"."body" is null) = ("party"."messages"."deleted_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "party"."parties" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"leader_id" uuid,
	"status" "party"."party_status" DEFAULT 'ACTIVE' NOT NULL,
	"join_policy" "party"."party_join_policy" NOT NULL,
	"max_members" integer NOT NULL,
	"loot_mode" "party"."party_loot_mode" DEFAULT 'NEED_GREED' NOT NULL,
	"loot_threshold" "party"."party_loot_quality" DEFAULT 'UNCOMMON' NOT NULL,
	"master_looter_id" uuid,
	"roll_seconds" integer DEFAULT 60 NOT NULL,
	"goal" text,
	"note" text,
	"tanks" integer DEFAULT 0 NOT NULL,
	"healers" integer DEFAULT 0 NOT NULL,
	"dps" integer DEFAULT 0 NOT NULL,
	"undecided" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "parties_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "parties_max_members" CHECK ("party"."parties"."max_members" between 2 and 5),
	CONSTRAINT "parties_room" CHECK ("party"."parties"."tanks" + "party"."parties"."healers" + "party"."parties"."dps" + "party"."parties"."undecided" <= "party"."parties"."max_members"),
	CONSTRAINT "parties_leader" CHECK (("party"."parties"."status" = 'ACTIVE') = ("party"."parties"."leader_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "party"."quest_objectives" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"quest_id" uuid NOT NULL,
	"key" text NOT NULL,
	"place" integer NOT NULL,
	"title" text NOT NULL,
	"target" integer NOT NULL,
	"progress" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "quest_objectives_tenant_id_quest_id_key_pk" PRIMARY KEY("tenant_id","quest_id","key"),
	CONSTRAINT "quest_objectives_progress" CHECK ("party"."quest_objectives"."progress" between 0 and "party"."quest_objectives"."target")
);
--> statement-breakpoint
CREATE TABLE "party"."quest_reports" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" text NOT NULL,
	"quest_id" uuid,
	"objective_key" text NOT NULL,
	"player_id" uuid NOT NULL,
	"amount" integer NOT NULL,
	"reported_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "quest_reports_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "party"."quests" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"key" text NOT NULL,
	"title" text NOT NULL,
	"sharer_id" uuid NOT NULL,
	"status" "party"."party_quest_status" DEFAULT 'ACTIVE' NOT NULL,
	"shared_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "quests_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "quests_end" CHECK (("party"."quests"."status" = 'ACTIVE') = ("party"."quests"."ended_at" is null))
);
--> statement-breakpoint
CREATE TABLE "party"."queue_entries" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"activity" text NOT NULL,
	"status" "party"."party_queue_status" DEFAULT 'WAITING' NOT NULL,
	"match_id" text,
	"entered_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "queue_entries_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "queue_entries_match" CHECK (("party"."queue_entries"."status" = 'MATCHED') = ("party"."queue_entries"."match_id" is not null)),
	CONSTRAINT "queue_entries_end" CHECK (("party"."queue_entries"."status" = 'WAITING') = ("party"."queue_entries"."ended_at" is null))
);
--> statement-breakpoint
CREATE TABLE "party"."ready_answers" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"ready_check_id" uuid NOT NULL,
	"player_id" uuid NOT NULL,
	"place" integer NOT NULL,
	"answer" "party"."party_ready_answer",
	"answered_at" timestamp (3) with time zone,
	CONSTRAINT "ready_answers_tenant_id_ready_check_id_player_id_pk" PRIMARY KEY("tenant_id","ready_check_id","player_id"),
	CONSTRAINT "ready_answers_answered" CHECK (("party"."ready_answers"."answer" is null) = ("party"."ready_answers"."answered_at" is null))
);
--> statement-breakpoint
CREATE TABLE "party"."ready_checks" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"starter_id" uuid NOT NULL,
	"status" "party"."party_ready_check_status" DEFAULT 'OPEN' NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "ready_checks_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "ready_checks_finish" CHECK (("party"."ready_checks"."status" = 'OPEN') = ("party"."ready_checks"."finished_at" is null))
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
ALTER TABLE "party"."deadlines" ADD CONSTRAINT "deadlines_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "party"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."invites" ADD CONSTRAINT "invites_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "party"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."loot_candidates" ADD CONSTRAINT "loot_candidates_tenant_id_item_id_loot_items_tenant_id_id_fk" FOREIGN KEY ("tenant_id","item_id") REFERENCES "party"."loot_items"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."loot_drops" ADD CONSTRAINT "loot_drops_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "party"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."loot_items" ADD CONSTRAINT "loot_items_tenant_id_drop_id_loot_drops_tenant_id_id_fk" FOREIGN KEY ("tenant_id","drop_id") REFERENCES "party"."loot_drops"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."members" ADD CONSTRAINT "members_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "party"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."messages" ADD CONSTRAINT "messages_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "party"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."quest_objectives" ADD CONSTRAINT "quest_objectives_tenant_id_quest_id_quests_tenant_id_id_fk" FOREIGN KEY ("tenant_id","quest_id") REFERENCES "party"."quests"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."quest_reports" ADD CONSTRAINT "quest_reports_tenant_id_quest_id_quests_tenant_id_id_fk" FOREIGN KEY ("tenant_id","quest_id") REFERENCES "party"."quests"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."quests" ADD CONSTRAINT "quests_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "party"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."queue_entries" ADD CONSTRAINT "queue_entries_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "party"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."ready_answers" ADD CONSTRAINT "ready_answers_tenant_id_ready_check_id_ready_checks_tenant_id_id_fk" FOREIGN KEY ("tenant_id","ready_check_id") REFERENCES "party"."ready_checks"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party"."ready_checks" ADD CONSTRAINT "ready_checks_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "party"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "activity_order" ON "party"."activity" USING btree ("xid","position");--> statement-breakpoint
CREATE UNIQUE INDEX "activity_position" ON "party"."activity" USING btree ("position");--> statement-breakpoint
CREATE INDEX "commands_age" ON "party"."commands" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "deadlines_due" ON "party"."deadlines" USING btree ("due_at");--> statement-breakpoint
CREATE UNIQUE INDEX "invites_one_pending" ON "party"."invites" USING btree ("tenant_id","party_id","player_id") WHERE "party"."invites"."status" = 'PENDING';--> statement-breakpoint
CREATE INDEX "invites_of_player" ON "party"."invites" USING btree ("tenant_id","player_id","id") WHERE "party"."invites"."status" = 'PENDING';--> statement-breakpoint
CREATE UNIQUE INDEX "loot_drops_one_report" ON "party"."loot_drops" USING btree ("tenant_id","party_id","report_id");--> statement-breakpoint
CREATE INDEX "loot_drops_of_party" ON "party"."loot_drops" USING btree ("tenant_id","party_id","id");--> statement-breakpoint
CREATE INDEX "loot_items_of_drop" ON "party"."loot_items" USING btree ("tenant_id","drop_id","place");--> statement-breakpoint
CREATE INDEX "loot_items_rolling" ON "party"."loot_items" USING btree ("tenant_id","party_id") WHERE "party"."loot_items"."status" = 'ROLLING';--> statement-breakpoint
CREATE INDEX "members_of_party" ON "party"."members" USING btree ("tenant_id","party_id","standing");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_of_party" ON "party"."messages" USING btree ("tenant_id","party_id","number");--> statement-breakpoint
CREATE INDEX "parties_joinable" ON "party"."parties" USING btree ("tenant_id","id") WHERE "party"."parties"."status" = 'ACTIVE' and "party"."parties"."join_policy" = 'OPEN' and "party"."parties"."tanks" + "party"."parties"."healers" + "party"."parties"."dps" + "party"."parties"."undecided" < "party"."parties"."max_members";--> statement-breakpoint
CREATE INDEX "parties_joinable_for" ON "party"."parties" USING btree ("tenant_id","goal","id") WHERE "party"."parties"."status" = 'ACTIVE' and "party"."parties"."join_policy" = 'OPEN' and "party"."parties"."tanks" + "party"."parties"."healers" + "party"."parties"."dps" + "party"."parties"."undecided" < "party"."parties"."max_members";--> statement-breakpoint
CREATE UNIQUE INDEX "quests_shared_once" ON "party"."quests" USING btree ("tenant_id","party_id","key") WHERE "party"."quests"."status" = 'ACTIVE';--> statement-breakpoint
CREATE INDEX "quests_ended" ON "party"."quests" USING btree ("tenant_id","party_id","id") WHERE "party"."quests"."status" <> 'ACTIVE';--> statement-breakpoint
CREATE INDEX "queue_entries_of_party" ON "party"."queue_entries" USING btree ("tenant_id","party_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "queue_entries_one_waiting" ON "party"."queue_entries" USING btree ("tenant_id","party_id") WHERE "party"."queue_entries"."status" = 'WAITING';--> statement-breakpoint
CREATE UNIQUE INDEX "queue_entries_one_match" ON "party"."queue_entries" USING btree ("tenant_id","party_id","match_id");--> statement-breakpoint
CREATE INDEX "ready_checks_of_party" ON "party"."ready_checks" USING btree ("tenant_id","party_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "ready_checks_one_open" ON "party"."ready_checks" USING btree ("tenant_id","party_id") WHERE "party"."ready_checks"."status" = 'OPEN';