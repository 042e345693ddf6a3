import django.db.models.deletion
from django.db import migrations, models

import chat.models.search

# An external content table (https://sqlite.org/fts5.html, section 4.4.3): the words stand in the entries alone. Whoever
# changes the table of the entries on SQLite makes these triggers again: Django makes the table anew, without them.
_FORGET = "INSERT INTO chat_searchindex(chat_searchindex, rowid, words) VALUES ('delete', old.id, old.words);"
_KEEP = "INSERT INTO chat_searchindex(rowid, words) VALUES (new.id, new.words);"
ON_SQLITE = (
    "CREATE VIRTUAL TABLE chat_searchindex USING fts5(words, content='chat_searchentry', content_rowid='id', "
    "tokenize=\"ascii tokenchars '='\", prefix='3 4 5')",
    f"CREATE TRIGGER chat_searchentry_added AFTER INSERT ON chat_searchentry BEGIN {_KEEP} END",
    f"CREATE TRIGGER chat_searchentry_removed AFTER DELETE ON chat_searchentry BEGIN {_FORGET} END",
    f"CREATE TRIGGER chat_searchentry_changed AFTER UPDATE ON chat_searchentry BEGIN {_FORGET} {_KEEP} END",
)
# Every search reads through what waits to be sorted into the index: no more than these KiB.
ON_POSTGRESQL = (
    "CREATE INDEX chat_searchentry_words ON chat_searchentry USING gin (words) WITH (gin_pending_list_limit = 128)",
)


def make_index(apps, schema_editor):
    for statement in ON_POSTGRESQL if schema_editor.connection.vendor == "postgresql" else ON_SQLITE:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE chat_searchindex")


def add_what_was_said(apps, schema_editor):
    from chat.operations.search import indexing

    indexing.add_missing()


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0010_message_revisions'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('words', chat.models.search.TokensField()),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='search_entry', to='chat.message')),
            ],
        ),
        migrations.RunPython(make_index, drop_index),
        migrations.RunPython(add_what_was_said, migrations.RunPython.noop),
    ]
