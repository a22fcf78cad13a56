-- Written by hand. The page behind an invite link is read by people without a token, hence without a tenant: this
-- function finds the group of a code in whatever tenant it is, and gives away two names and nothing else.
--
-- It runs as the owner, whom forced row level security holds like everyone: the two policies let the owner read, and
-- only while `app.finds_codes` is on, which it is inside the function. (Not by `SET` on the function: for a setting
-- of our own that takes a superuser.) Policies for the service's role would do without a function, but then a service
-- could read every group of every tenant, and with `or` in its predicate Postgres would not use any index that leads
-- with the tenant.
CREATE POLICY "finds_codes" ON "social_group"."groups" FOR SELECT TO CURRENT_USER
  USING ((select current_setting('app.finds_codes', true)) = 'on');--> statement-breakpoint
CREATE POLICY "finds_codes" ON "social_group"."organizations" FOR SELECT TO CURRENT_USER
  USING ((select current_setting('app.finds_codes', true)) = 'on');--> statement-breakpoint
CREATE FUNCTION "social_group"."invitation"(wanted text)
  RETURNS TABLE (code text, group_name text, organization_name text)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
  AS $$
    begin
      perform set_config('app.finds_codes', 'on', true);
      return query
        select g.invite_code, g.name, o.name
        from social_group.groups g
        join social_group.organizations o on o.tenant_id = g.tenant_id and o.id = g.organization_id
        where g.invite_code = wanted;
      perform set_config('app.finds_codes', 'off', true);
    end
  $$;
