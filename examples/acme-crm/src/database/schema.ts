/** Run at every start; each statement changes nothing the second time. */
export const schema = `
create table if not exists kept_values (key text primary key, value jsonb not null);

create table if not exists users (
  id text primary key,
  name text not null,
  email text not null unique,
  password_hash text not null,
  timezone text not null,
  extension text,
  is_admin boolean not null default false
);

create sequence if not exists company_numbers start 501;
create table if not exists companies (
  id text primary key default 'c_' || nextval('company_numbers'),
  name text not null,
  phones jsonb not null default '[]',
  phone_digits text[] not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index if not exists companies_phone on companies using gin (phone_digits);

create sequence if not exists person_numbers start 1001;
create table if not exists people (
  id text primary key default 'p_' || nextval('person_numbers'),
  first_name text not null default '',
  last_name text not null default '',
  email text,
  title text,
  company_id text references companies,
  phones jsonb not null default '[]',
  phone_digits text[] not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  last_activity_at timestamptz(3),
  deleted_at timestamptz(3)
);
create index if not exists people_phone on people using gin (phone_digits);
create index if not exists people_changed on people (updated_at, id);

create sequence if not exists activity_numbers start 9001;
create table if not exists activities (
  id text primary key default 'a_' || nextval('activity_numbers'),
  type text not null,
  person_id text references people,
  user_id text not null references users,
  subject text not null default '',
  body text not null default '',
  direction text,
  from_number text,
  to_number text,
  started_at timestamptz(3),
  duration_seconds integer,
  result text,
  disposition text,
  recording_url text,
  external_id text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
alter table activities add column if not exists due_at timestamptz(3), add column if not exists status text;
create index if not exists activities_person on activities (person_id);
create index if not exists activities_external on activities (external_id);
create index if not exists activities_created on activities (created_at, id);
alter table activities add column if not exists fields jsonb not null default '{}';

create table if not exists recordings (
  activity_id text not null references activities on delete cascade,
  name text not null,
  content_type text not null,
  size_bytes bigint not null,
  upload_id text not null,
  primary key (activity_id, name)
);
create table if not exists recording_pieces (
  upload_id text not null,
  place integer not null,
  content bytea not null,
  primary key (upload_id, place)
);

create table if not exists idempotency_keys (
  user_id text not null references users,
  key text not null,
  activity_id text not null references activities on delete cascade,
  primary key (user_id, key)
);

create sequence if not exists note_numbers start 7001;
create table if not exists notes (
  id text primary key default 'n_' || nextval('note_numbers'),
  person_id text not null references people,
  user_id text not null references users,
  body text not null,
  created_at timestamptz(3) not null default now()
);

create table if not exists web_sessions (
  id_hash text primary key,
  user_id text not null references users,
  expires_at timestamptz not null
);

create table if not exists oauth_records (
  model text not null,
  id text not null,
  payload jsonb not null,
  grant_id text,
  uid text,
  consumed_at bigint,
  expires_at timestamptz,
  primary key (model, id)
);
create index if not exists oauth_records_grant on oauth_records (grant_id);
create index if not exists oauth_records_uid on oauth_records (model, uid);

create table if not exists oauth_clients (
  client_id text primary key,
  name text not null,
  secret_hash text,
  redirect_uris jsonb not null,
  created_at timestamptz(3) not null default now()
);
`
