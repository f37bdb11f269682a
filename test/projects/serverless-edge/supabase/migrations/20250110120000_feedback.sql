create table public.feedback (
  id uuid primary key default gen_random_uuid(),
  author uuid not null references auth.users (id),
  text text not null,
  rating int not null check (rating between 1 and 5),
  created_at timestamptz not null default now()
);

alter table public.feedback enable row level security;

create policy "authors read their own" on public.feedback
  for select using (auth.uid() = author);

create table public.subscribers (
  id uuid primary key default gen_random_uuid(),
  email text not null unique
);
