from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0016_notifications'),
    ]

    operations = [
        migrations.AddField(
            model_name='upload',
            name='pages',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
    ]
