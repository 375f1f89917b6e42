import pytest

from whatsapp.errors import ErrorClass, classify, least_wait, plain_words


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 130429, ErrorClass.RETRY),
        (429, 130429, ErrorClass.RETRY),
        (503, 130429, ErrorClass.RETRY),
        (400, 131056, ErrorClass.RETRY),
        (400, 4, ErrorClass.RETRY),
        (400, 80007, ErrorClass.RETRY),
        (500, 131057, ErrorClass.RETRY),
        (500, 131000, ErrorClass.UNKNOWN),
        (503, 2, ErrorClass.UNKNOWN),
        (500, 131016, ErrorClass.UNKNOWN),
        (429, 131016, ErrorClass.RETRY),
        (400, 131047, ErrorClass.PERMANENT),
        (400, 131026, ErrorClass.PERMANENT),
        (400, 100, ErrorClass.PERMANENT),
        (400, 131051, ErrorClass.PERMANENT),
        (401, 190, ErrorClass.CONFIGURATION),
        (403, 10, ErrorClass.CONFIGURATION),
        (403, 200, ErrorClass.CONFIGURATION),
        (403, 299, ErrorClass.CONFIGURATION),
        (400, 131048, ErrorClass.WAIT),
        (400, 131049, ErrorClass.WAIT),
        (400, 987654, ErrorClass.PERMANENT),
        (500, 987654, ErrorClass.PERMANENT),
        (429, 987654, ErrorClass.RETRY),
    ],
)
def test_a_refusal_is_judged_by_its_code(status: int, code: int, kind: ErrorClass) -> None:
    assert classify(status, {"code": code}) is kind


def test_an_unknown_code_is_tried_again_only_if_it_is_called_transient() -> None:
    assert classify(500, {"code": 987654, "is_transient": True}) is ErrorClass.RETRY
    assert classify(500, {"code": 987654, "is_transient": False}) is ErrorClass.PERMANENT


def test_transient_does_not_make_an_unknown_outcome_safe_to_repeat() -> None:
    assert classify(500, {"code": 131000, "is_transient": True}) is ErrorClass.UNKNOWN


@pytest.mark.parametrize("status", [200, 408, 429, 500, 502, 503, 504])
def test_without_a_readable_refusal_the_message_may_have_gone_out(status: int) -> None:
    assert classify(status, None) is ErrorClass.UNKNOWN


@pytest.mark.parametrize("status", [302, 400, 403, 404, 413])
def test_an_unreadable_refusal_comes_from_something_that_is_not_graph(status: int) -> None:
    assert classify(status, None) is ErrorClass.CONFIGURATION


def test_words_name_the_setting_to_change() -> None:
    assert "WHATSAPP_ACCESS_TOKEN" in plain_words(190)
    assert "WHATSAPP_PHONE_NUMBER_ID" in plain_words(33)


def test_words_of_graph_are_shown_only_where_ours_say_too_little() -> None:
    assert plain_words(131047, "Re-engagement message") == plain_words(131047)
    assert plain_words(100, "text too long").endswith("WhatsApp says: text too long")
    assert plain_words(987654, "new thing") == (
        "WhatsApp refused the message (error 987654). WhatsApp says: new thing"
    )


def test_a_failure_of_which_no_code_is_told_names_none() -> None:
    assert plain_words(None) == "WhatsApp refused the message."


def test_maintenance_takes_a_minute() -> None:
    assert (least_wait(131057), least_wait(131056), least_wait(None)) == (60.0, 0.0, 0.0)
