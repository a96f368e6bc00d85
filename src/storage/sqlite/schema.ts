/**
 * The schema, as the steps that lead to it: step n takes a database of version n - 1 to version n. A step that was
 * released is never edited.
 *
 * What a turn writes lies at the end of its table: `messages` by their place, `runs` by ids that begin with their time.
 * Only `heads` and its index and `usage_counts`, kept narrow for that reason, are written in the middle.
 */
export const schema: readonly string[] = [
  `
  CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  ) STRICT;

  -- A session has a number of its own under its name: one deleted and made again inherits nothing.
  CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    user INTEGER NOT NULL REFERENCES users,
    name TEXT NOT NULL,
    title TEXT,
    state TEXT NOT NULL,
    model TEXT,
    instructions TEXT,
    created INTEGER NOT NULL,
    UNIQUE (user, name)
  ) STRICT;

  -- Where a session stands in its tree of messages: the newest of its messages, and the root that all of them have.
  CREATE TABLE heads (
    session INTEGER PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
    user INTEGER NOT NULL,
    tree INTEGER,
    head INTEGER,
    count INTEGER NOT NULL,
    updated INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX heads_by_change ON heads (user, updated);
  CREATE INDEX heads_by_tree ON heads (tree) WHERE tree IS NOT NULL;

  -- A root has no parent and no tree: it is the tree. A parent's place is always before its children's.
  CREATE TABLE messages (
    place INTEGER PRIMARY KEY,
    tree INTEGER,
    parent INTEGER,
    id TEXT NOT NULL,
    role TEXT NOT NULL,
    text TEXT,
    parts TEXT,
    run TEXT NOT NULL,
    model TEXT,
    created INTEGER NOT NULL
  ) STRICT;

  -- Heads that no session stands at any more, until the messages that only they led to are gone.
  CREATE TABLE abandoned (
    head INTEGER PRIMARY KEY,
    tree INTEGER NOT NULL
  ) STRICT;

  -- What was done and what it used outlives its session; what was said lives in messages alone.
  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    user INTEGER NOT NULL,
    session TEXT NOT NULL,
    key TEXT,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    model TEXT NOT NULL,
    provider TEXT,
    attempts INTEGER NOT NULL,
    question INTEGER,
    answer INTEGER,
    finish_reason TEXT,
    input_tokens INTEGER,
    output_tokens INTEGER,
    total_tokens INTEGER,
    cached_input_tokens INTEGER,
    reasoning_tokens INTEGER,
    estimated INTEGER,
    error TEXT,
    metadata TEXT,
    created INTEGER NOT NULL,
    ended INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX runs_running ON runs (created) WHERE state = 'running';

  CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    user TEXT NOT NULL,
    prefix TEXT NOT NULL,
    scopes TEXT NOT NULL,
    requests_per_minute INTEGER,
    models TEXT,
    api_version TEXT,
    hashes TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER,
    revoked INTEGER
  ) STRICT;

  -- Counts the changes of keys, whoever makes them, so that every process can tell that there was one.
  CREATE TABLE revisions (
    subject TEXT PRIMARY KEY,
    revision INTEGER NOT NULL
  ) STRICT;
  INSERT INTO revisions VALUES ('keys', 0);
  CREATE TRIGGER key_created AFTER INSERT ON keys
    BEGIN UPDATE revisions SET revision = revision + 1 WHERE subject = 'keys'; END;
  CREATE TRIGGER key_changed AFTER UPDATE ON keys
    BEGIN UPDATE revisions SET revision = revision + 1 WHERE subject = 'keys'; END;
  CREATE TRIGGER key_removed AFTER DELETE ON keys
    BEGIN UPDATE revisions SET revision = revision + 1 WHERE subject = 'keys'; END;

  CREATE TABLE idempotency (
    id INTEGER PRIMARY KEY,
    user TEXT NOT NULL,
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    answer TEXT,
    expires INTEGER NOT NULL,
    UNIQUE (user, operation, key)
  ) STRICT;
  CREATE INDEX idempotency_by_expiry ON idempotency (expires);
  CREATE INDEX idempotency_running ON idempotency (id) WHERE answer IS NULL;

  -- An empty member stands for the operation itself.
  CREATE TABLE version_use (
    key TEXT NOT NULL,
    user TEXT NOT NULL,
    version TEXT NOT NULL,
    operation TEXT NOT NULL,
    member TEXT NOT NULL,
    count INTEGER NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (key, version, operation, member)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- What chat platforms pushed. A conversation's events are worked on in the order of their places.
  CREATE TABLE events (
    place INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    platform_id TEXT NOT NULL,
    conversation TEXT NOT NULL,
    kind TEXT NOT NULL,
    group_id TEXT,
    sender TEXT NOT NULL,
    text TEXT NOT NULL,
    target TEXT NOT NULL,
    received INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    error TEXT,
    attempts INTEGER NOT NULL,
    interruptions INTEGER NOT NULL DEFAULT 0,
    due INTEGER NOT NULL,
    run TEXT,
    placeholder TEXT,
    ended INTEGER
  ) STRICT;
  CREATE INDEX events_open ON events (channel, conversation, place) WHERE state IN ('pending', 'processing');
  CREATE INDEX events_pending ON events (place, due) WHERE state = 'pending';
  CREATE INDEX events_by_channel ON events (channel, place);
  CREATE INDEX events_failed ON events (channel, place) WHERE error IS NOT NULL;

  -- Every name under which an event may come again.
  CREATE TABLE seen (
    channel TEXT NOT NULL,
    name TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (channel, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX seen_by_end ON seen (until);

  -- What is to be sent, in the order of event and number within a lane.
  CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    event INTEGER NOT NULL REFERENCES events ON DELETE CASCADE,
    number INTEGER NOT NULL,
    lane TEXT NOT NULL,
    channel TEXT NOT NULL,
    target TEXT NOT NULL,
    text TEXT NOT NULL,
    plain_text TEXT NOT NULL,
    plain INTEGER NOT NULL,
    replaces TEXT,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due INTEGER NOT NULL,
    error TEXT,
    message TEXT,
    ended INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deliveries_open ON deliveries (lane, event, number) WHERE state IN ('pending', 'sending');
  CREATE INDEX deliveries_pending ON deliveries (event, number, due) WHERE state = 'pending';
  CREATE INDEX deliveries_by_event ON deliveries (event, number);

  CREATE TABLE senders (
    channel TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT,
    allowed INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    event TEXT,
    PRIMARY KEY (channel, id)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Limits beside the requests a minute, as JSON.
  ALTER TABLE keys ADD COLUMN limits TEXT;

  -- Billionths of a US dollar.
  ALTER TABLE runs ADD COLUMN cost INTEGER;

  -- What was used, added up; what changes now lies together at the end. Days are numbered from 1970 on; an empty key or
  -- provider stands for none. Costs are billionths of a US dollar, and \`priced\` counts the runs they are of.
  CREATE TABLE usage (
    day INTEGER NOT NULL,
    user TEXT NOT NULL,
    key TEXT NOT NULL,
    model TEXT NOT NULL,
    provider TEXT NOT NULL,
    runs INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    total_tokens INTEGER NOT NULL,
    cached_input_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    priced INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    PRIMARY KEY (day, user, key, model, provider)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX usage_by_user ON usage (user, day);

  INSERT INTO usage
  SELECT r.ended / 86400000, u.name, coalesce(r.key, ''), r.model, coalesce(r.provider, ''), count(*),
    sum(r.state = 'failed'), sum(coalesce(r.input_tokens, 0)), sum(coalesce(r.output_tokens, 0)),
    sum(coalesce(r.total_tokens, 0)), sum(coalesce(r.cached_input_tokens, 0)), sum(coalesce(r.reasoning_tokens, 0)),
    0, 0, sum(r.input_tokens IS NOT NULL)
  FROM runs r JOIN users u ON u.id = r.user
  WHERE r.state <> 'running' AND r.ended IS NOT NULL
  GROUP BY 1, 2, 3, 4, 5;
  `,
  `
  -- The first of each conversation that is open stands in front: it alone can be taken, so that taking never goes through
  -- those that wait behind it. An event that many processes ended with is taken in a line of its own.
  ALTER TABLE events ADD COLUMN front INTEGER NOT NULL DEFAULT 0;
  UPDATE events AS e SET front = 1 WHERE state IN ('pending', 'processing') AND NOT EXISTS (
    SELECT 1 FROM events f WHERE f.channel = e.channel AND f.conversation = e.conversation
      AND f.state IN ('pending', 'processing') AND f.place < e.place
  );
  CREATE INDEX events_front ON events (channel, conversation) WHERE front = 1 AND state IN ('pending', 'processing');
  DROP INDEX events_pending;
  CREATE INDEX events_ready ON events (channel, due, place) WHERE state = 'pending' AND front = 1 AND interruptions < 3;
  CREATE INDEX events_suspect ON events (due, place) WHERE state = 'pending' AND front = 1 AND interruptions >= 3;

  ALTER TABLE deliveries ADD COLUMN front INTEGER NOT NULL DEFAULT 0;
  UPDATE deliveries AS d SET front = 1 WHERE state IN ('pending', 'sending') AND NOT EXISTS (
    SELECT 1 FROM deliveries f WHERE f.lane = d.lane AND f.state IN ('pending', 'sending')
      AND (f.event, f.number) < (d.event, d.number)
  );
  CREATE INDEX deliveries_front ON deliveries (lane) WHERE front = 1 AND state IN ('pending', 'sending');
  -- With the state in it, counting what waits reads nothing else.
  DROP INDEX deliveries_open;
  CREATE INDEX deliveries_open ON deliveries (lane, event, number, state) WHERE state IN ('pending', 'sending');
  DROP INDEX deliveries_pending;
  CREATE INDEX deliveries_ready ON deliveries (channel, due, event, number) WHERE state = 'pending' AND front = 1;
  `,
  `
  -- Names that the gateway gives begin with their time: with the name in front, new sessions lie together at the end,
  -- whoever's they are. A constraint cannot be dropped, and a table that others refer to cannot either, so both are made
  -- anew.
  CREATE TABLE new_sessions (
    id INTEGER PRIMARY KEY,
    user INTEGER NOT NULL REFERENCES users,
    name TEXT NOT NULL,
    title TEXT,
    state TEXT NOT NULL,
    model TEXT,
    instructions TEXT,
    created INTEGER NOT NULL
  ) STRICT;
  INSERT INTO new_sessions SELECT id, user, name, title, state, model, instructions, created FROM sessions;
  CREATE TABLE new_heads (
    session INTEGER PRIMARY KEY REFERENCES new_sessions ON DELETE CASCADE,
    user INTEGER NOT NULL,
    tree INTEGER,
    head INTEGER,
    count INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    -- 1 when another session may stand in the same tree.
    shared INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  INSERT INTO new_heads SELECT session, user, tree, head, count, updated, coalesce(tree IN (
    SELECT tree FROM heads WHERE tree IS NOT NULL GROUP BY tree HAVING count(*) > 1
  ), 0) FROM heads;
  DROP TABLE heads;
  DROP TABLE sessions;
  ALTER TABLE new_sessions RENAME TO sessions;
  ALTER TABLE new_heads RENAME TO heads;
  CREATE UNIQUE INDEX sessions_by_name ON sessions (name, user);
  CREATE INDEX heads_by_change ON heads (user, updated);
  -- Most sessions were never forked, and have their tree to themselves.
  CREATE INDEX heads_by_tree ON heads (tree) WHERE shared = 1;

  -- What \`usage\` has yet to add: its rows lie as far apart as their users, and these lie together. The ledger is both.
  CREATE TABLE recent_usage (
    day INTEGER NOT NULL,
    user TEXT NOT NULL,
    key TEXT NOT NULL,
    model TEXT NOT NULL,
    provider TEXT NOT NULL,
    runs INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    total_tokens INTEGER NOT NULL,
    cached_input_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    priced INTEGER NOT NULL,
    unpriced INTEGER NOT NULL
  ) STRICT;
  CREATE VIEW ledger AS SELECT * FROM usage UNION ALL SELECT * FROM recent_usage;
  `,
  `
  -- What a line of the ledger counts is kept apart from what it is of: narrow rows lie many to a page, so that turns of
  -- many keys write few pages, and nothing has to be put off.
  CREATE TABLE usage_lines (
    id INTEGER PRIMARY KEY,
    day INTEGER NOT NULL,
    user TEXT NOT NULL,
    key TEXT NOT NULL,
    model TEXT NOT NULL,
    provider TEXT NOT NULL,
    UNIQUE (day, user, key, model, provider)
  ) STRICT;
  INSERT INTO usage_lines (day, user, key, model, provider) SELECT DISTINCT day, user, key, model, provider FROM ledger;
  CREATE INDEX usage_lines_by_user ON usage_lines (user, day);
  CREATE TABLE usage_counts (
    line INTEGER PRIMARY KEY REFERENCES usage_lines,
    runs INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    total_tokens INTEGER NOT NULL,
    cached_input_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    priced INTEGER NOT NULL,
    unpriced INTEGER NOT NULL
  ) STRICT;
  INSERT INTO usage_counts
  SELECT id, sum(runs), sum(failed), sum(input_tokens), sum(output_tokens), sum(total_tokens),
    sum(cached_input_tokens), sum(reasoning_tokens), sum(cost), sum(priced), sum(unpriced)
  FROM ledger JOIN usage_lines USING (day, user, key, model, provider) GROUP BY id;
  DROP VIEW ledger;
  DROP TABLE recent_usage;
  DROP TABLE usage;
  `,
];
