from django.db import migrations, models


class Migration(migrations.Migration):
    """Refresh tokens are numbered by their login; personal access tokens are logins. The library's lists end."""

    dependencies = [("chat", "0003_fewer_indexes")]

    operations = [
        migrations.AddField("login", "generation", models.PositiveIntegerField(default=0, editable=False)),
        migrations.AddField("login", "rotated_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField("login", "name", models.CharField(blank=True, max_length=80)),
        migrations.AddField(
            "login", "token_hash", models.CharField(editable=False, max_length=64, null=True, unique=True)
        ),
        migrations.AddField("login", "scopes", models.CharField(blank=True, max_length=100)),
        migrations.AddField("login", "expires_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("login", "last_used_at", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField(
            "login",
            "kind",
            models.CharField(
                choices=[("session", "Session"), ("token", "Token"), ("personal", "Personal")], max_length=8
            ),
        ),
        migrations.RunSQL("DROP TABLE IF EXISTS token_blacklist_blacklistedtoken", migrations.RunSQL.noop),
        migrations.RunSQL("DROP TABLE IF EXISTS token_blacklist_outstandingtoken", migrations.RunSQL.noop),
    ]
