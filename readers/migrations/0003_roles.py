from django.db import migrations

LOOK, EDIT, ALL = ("view",), ("view", "change"), ("view", "add", "change", "delete")
NEWS = ("article", "articlerevision", "manualtag", "articlecountry", "articletopic", "articleentity", "story", "decision", "job")
OUTLETS = ("source", "feed", "sourcelabel", "fetchevent", "suggestion")
RULES = ("country", "topic", "entity", "term", "catalogueremoval")
ROLES = {
    "editor": {
        **dict.fromkeys((*NEWS, *OUTLETS, *RULES), LOOK),
        **dict.fromkeys(("article", "story", "country", "decision"), EDIT),
        **dict.fromkeys(("manualtag", "topic", "entity", "term"), ALL),
    },
    "source manager": {
        **dict.fromkeys((*NEWS, *OUTLETS, *RULES), LOOK),
        **dict.fromkeys(("source", "feed", "sourcelabel", "suggestion"), ALL),
        "decision": EDIT,
    },
    "administrator": {**dict.fromkeys((*NEWS, *OUTLETS, *RULES), ALL), "user": ("view", "add", "change")},
}


def make_roles(apps, schema_editor):
    """Groups with their rights; the rights themselves are made here too, since migrate makes them only at its end."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    for role, models in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        for model, verbs in models.items():
            label = "readers" if model == "user" else "articles"
            kind, _ = ContentType.objects.get_or_create(app_label=label, model=model)
            for verb in verbs:
                right, _ = Permission.objects.get_or_create(
                    content_type=kind,
                    codename=f"{verb}_{model}",
                    defaults={"name": f"Can {verb} {apps.get_model(label, model)._meta.verbose_name}"},
                )
                group.permissions.add(right)


def drop_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("readers", "0002_sign_ins"),
        ("articles", "0006_jobs_and_suggestions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_roles, drop_roles)]
