"""The search index, which the database itself keeps in step with the column of tokens.

SQLite: an FTS5 table without a copy of the text, followed by triggers; its row ids are the places of reports, so that a
list by time is read from its end and no more of it than is shown. PostgreSQL: a column made of the tokens by the
configuration ``simple``, with a GIN index. Tokens are ASCII letters and digits, so both divide them alike.
"""

from django.db import migrations

SQLITE = (
    """CREATE VIRTUAL TABLE articles_search USING fts5(
        tokens, content='articles_articletext', content_rowid='place', columnsize=0, tokenize='ascii')""",
    """CREATE TRIGGER articles_search_new AFTER INSERT ON articles_articletext WHEN new.place IS NOT NULL BEGIN
        INSERT INTO articles_search(rowid, tokens) VALUES (new.place, new.tokens); END""",
    """CREATE TRIGGER articles_search_gone AFTER DELETE ON articles_articletext WHEN old.place IS NOT NULL BEGIN
        INSERT INTO articles_search(articles_search, rowid, tokens) VALUES ('delete', old.place, old.tokens); END""",
    """CREATE TRIGGER articles_search_changed AFTER UPDATE OF tokens, place ON articles_articletext
        WHEN old.tokens IS NOT new.tokens OR old.place IS NOT new.place BEGIN
        INSERT INTO articles_search(articles_search, rowid, tokens)
            SELECT 'delete', old.place, old.tokens WHERE old.place IS NOT NULL;
        INSERT INTO articles_search(rowid, tokens) SELECT new.place, new.tokens WHERE new.place IS NOT NULL; END""",
)
POSTGRES = (
    """ALTER TABLE articles_articletext ADD COLUMN search tsvector
        GENERATED ALWAYS AS (to_tsvector('simple', CASE WHEN place IS NULL THEN '' ELSE tokens END)) STORED""",
    "CREATE INDEX article_text_search ON articles_articletext USING gin (search) WITH (fastupdate = off)",
)
UNDO = {
    "sqlite": (
        "DROP TRIGGER articles_search_changed",
        "DROP TRIGGER articles_search_gone",
        "DROP TRIGGER articles_search_new",
        "DROP TABLE articles_search",
    ),
    "postgresql": ("ALTER TABLE articles_articletext DROP COLUMN search",),
}
MAKE = {"sqlite": SQLITE, "postgresql": POSTGRES}


def make(apps, schema_editor):
    for statement in MAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def undo(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_search_places")]
    operations = [migrations.RunPython(make, undo)]
