"""What the application takes for granted at each request."""

from __future__ import annotations

from inspect import iscoroutinefunction

from tests.world import World


def test_none_of_our_functions_is_a_coroutine(world: World) -> None:
    app = world.app
    around = app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs, app.url_value_preprocessors
    functions = [*app.view_functions.values(), *app.teardown_appcontext_funcs]
    functions += [each for kind in around for some in kind.values() for each in some]
    for by_status in app.error_handler_spec.values():
        functions += [handler for handlers in by_status.values() for handler in handlers.values()]
    assert len(functions) > 100
    assert not [each for each in functions if iscoroutinefunction(each)]
