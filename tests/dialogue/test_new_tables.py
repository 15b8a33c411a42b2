"""The tables of a new database are made together: all of them, once, and they can be taken away again."""

from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from dialogue.new_tables import CreateModels

BOTH = CreateModels(
    [
        migrations.CreateModel(
            "Teapot",
            [("id", models.BigAutoField(primary_key=True)), ("cup", models.ForeignKey("tea.Cup", models.CASCADE))],
        ),
        migrations.CreateModel("Cup", [("id", models.BigAutoField(primary_key=True))]),
    ]
)


def test_models_that_refer_to_one_another_are_drawn_once() -> None:
    state = ProjectState()
    drawn = state.apps

    BOTH.state_forwards("tea", state)

    assert "apps" not in state.__dict__
    assert state.apps is not drawn
    assert state.apps.get_model("tea", "Teapot").cup.field.related_model is state.apps.get_model("tea", "Cup")


def test_their_tables_are_made_and_taken_away_again(transactional_db: None) -> None:
    before, after = ProjectState(), ProjectState()
    BOTH.state_forwards("tea", after)

    with connection.schema_editor() as editor:
        BOTH.database_forwards("tea", editor, before, after)
    assert {"tea_teapot", "tea_cup"} <= set(connection.introspection.table_names())

    with connection.schema_editor() as editor:
        BOTH.database_backwards("tea", editor, after, before)
    assert not {"tea_teapot", "tea_cup"} & set(connection.introspection.table_names())
