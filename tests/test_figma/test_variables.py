"""The variables of a file: the question, what is read from the answer, and what a refusal tells people to do."""

import json
from typing import Any

import pytest
import reactivex as rx
from hypothesis import given
from hypothesis import strategies as st
from reactivex import Observable
from reactivex.testing import TestScheduler

from exfig_rx.errors import FigmaError, FigmaRefused
from exfig_rx.events import Event, RequestShared
from exfig_rx.figma.refusals import refusal
from exfig_rx.figma.variables import local_variables, parse_variables
from exfig_rx.model import ConfigId, Request, Response, Rgba, Tier
from exfig_rx.sandbox import payloads
from exfig_rx.sandbox.design import Design
from exfig_rx.scheduling.single_flight import SingleFlight
from exfig_rx.variables import Alias, FileVariables, Variable, VariableCollection, VariableMode
from tests.answering import api_over
from tests.test_figma.test_endpoints import json_values

CONFIG = ConfigId("/a.yaml", "a.yaml", "a.yaml")


def body(variables: Any = None, collections: Any = None) -> dict[str, Any]:
    return {
        "status": 200,
        "error": False,
        "meta": {"variables": variables or {}, "variableCollections": collections or {}},
    }


def variable(item: Any) -> Variable:
    return parse_variables(body({"VariableID:1:2": item}), "Key").variables["VariableID:1:2"]


def collection(item: Any, variables: Any = None) -> VariableCollection:
    id_ = "VariableCollectionId:1:1"
    return parse_variables(body(variables, {id_: item}), "Key").collections[id_]


def test_variables_are_a_tier_2_question_that_every_config_asks_alike_and_that_leads_nowhere() -> None:
    one, other = local_variables("a/b", CONFIG), local_variables("a/b", ConfigId("/b.yaml", "b.yaml", "b.yaml"))
    assert (one.tier, one.path, one.query, one.leads_to) == (Tier.TWO, "/v1/files/a%2Fb/variables/local", (), None)
    assert (one.what, one.file_key, one.charged_to) == ("variables of file a/b", "a/b", CONFIG)
    assert one.key == other.key


def test_a_variable_is_read_with_all_that_figma_says_of_it() -> None:
    item = {
        "id": "VariableID:1:2",
        "name": "Text/Primary",
        "key": "9f",
        "variableCollectionId": "VariableCollectionId:1:1",
        "resolvedType": "COLOR",
        "valuesByMode": {"1:0": {"r": 1, "g": 0, "b": 0.5, "a": 0.25}, "1:1": {"type": "VARIABLE_ALIAS", "id": "V:9"}},
        "description": "For long texts",
        "remote": True,
        "hiddenFromPublishing": True,
        "deletedButReferenced": True,
        "scopes": ["TEXT_FILL", "STROKE_COLOR"],
        "codeSyntax": {"iOS": "Color.text", "WEB": ""},
    }
    assert variable(item) == Variable(
        "VariableID:1:2",
        "Text/Primary",
        "9f",
        "VariableCollectionId:1:1",
        "COLOR",
        {"1:0": Rgba(1.0, 0.0, 0.5, 0.25), "1:1": Alias("V:9")},
        "For long texts",
        is_remote=True,
        is_hidden=True,
        is_deleted=True,
        scopes=("TEXT_FILL", "STROKE_COLOR"),
        code_syntax={"iOS": "Color.text"},
    )


def test_a_variable_of_which_figma_says_nothing_is_read() -> None:
    assert variable({}) == Variable("VariableID:1:2", "", "", "", "", {})
    odd: dict[str, Any] = {
        "name": 7,
        "resolvedType": None,
        "resolvedDataType": "FLOAT",
        "remote": 1,
        "scopes": "ALL",
        "codeSyntax": [],
    }
    assert variable(odd) == Variable("VariableID:1:2", "", "", "", "FLOAT", {})


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (True, True),
        (False, False),
        (0, 0.0),
        (16, 16.0),
        (1.5, 1.5),
        ("", ""),
        ("Inter", "Inter"),
        ({"r": 0, "g": 1, "b": 0}, Rgba(0.0, 1.0, 0.0, 1.0)),
        ({"r": 7, "g": -1, "b": "x", "a": None}, Rgba(1.0, 0.0, 0.0, 1.0)),
        ({"type": "VARIABLE_ALIAS", "id": "VariableID:9/1:2"}, Alias("VariableID:9/1:2")),
        ({"type": "VARIABLE_ALIAS", "id": "V:1", "r": 1, "g": 1, "b": 1}, Alias("V:1")),
    ],
)
def test_a_value_is_a_truth_value_before_a_number_and_an_alias_before_a_color(value: Any, read: object) -> None:
    found = variable({"valuesByMode": {"1:0": value}}).values["1:0"]
    assert (type(found), found) == (type(read), read)


@pytest.mark.parametrize(
    "value",
    [None, [], {}, {"type": "VARIABLE_ALIAS"}, {"type": "GRADIENT"}, {"r": 1}, 10**400, float("nan"), -float("inf")],
)
def test_a_value_of_no_known_kind_is_no_value(value: Any) -> None:
    assert variable({"valuesByMode": {"1:0": value, "1:1": 1}}).values == {"1:1": 1.0}


def test_no_number_is_minus_zero() -> None:
    assert "-" not in repr(variable({"valuesByMode": {"1:0": -0.0}}).values)


def test_a_collection_is_read_in_the_order_of_figmas_table() -> None:
    item = {
        "name": "Theme",
        "key": "c1",
        "modes": [{"modeId": "1:0", "name": "Light"}, {"modeId": "1:1", "name": "Dark"}, {"name": "no id"}, None],
        "defaultModeId": "1:1",
        "remote": True,
        "hiddenFromPublishing": True,
        "variableIds": ["V:2", "V:1", "V:2", 7],
    }
    assert collection(item) == VariableCollection(
        "VariableCollectionId:1:1",
        "Theme",
        "c1",
        (VariableMode("1:0", "Light"), VariableMode("1:1", "Dark")),
        "1:1",
        ("V:2", "V:1"),
        is_remote=True,
        is_hidden=True,
    )


def test_a_collection_of_which_figma_says_little_is_read() -> None:
    assert collection({}) == VariableCollection("VariableCollectionId:1:1", "", "", (), "", ())
    assert collection({"modes": [{"modeId": "1:0"}]}).default_mode_id == "1:0"
    theirs = {"V:2": {"variableCollectionId": "VariableCollectionId:1:1"}, "V:1": {"variableCollectionId": "other"}}
    mine = {"V:0": {"variableCollectionId": "VariableCollectionId:1:1"}}
    assert collection({}, {**theirs, **mine}).variable_ids == ("V:0", "V:2")


def test_an_extension_is_read_with_its_parent_and_what_it_says_otherwise() -> None:
    id_ = "VariableCollectionId:2:5"
    item = {
        "name": "Brand",
        "isExtension": True,
        "parentVariableCollectionId": "VariableCollectionId:1:1",
        "rootVariableCollectionId": "VariableCollectionId:0:1",
        "modes": [{"modeId": f"{id_}/2:0", "name": "Light", "parentModeId": "1:0"}],
        "variableIds": ["V:1"],
        "inheritedVariableIds": ["V:1", "V:3"],
        "localVariableIds": ["V:2"],
        "variableOverrides": {"V:1": {f"{id_}/2:0": {"r": 1, "g": 1, "b": 1, "a": 1}, "odd": None}, "V:3": None},
    }
    found = parse_variables(body({}, {id_: item}), "Key").collections[id_]
    assert found.parent_id == "VariableCollectionId:1:1"
    assert found.modes == (VariableMode(f"{id_}/2:0", "Light", "1:0"),)
    assert found.variable_ids == ("V:1", "V:3", "V:2")
    assert found.overrides == {"V:1": {f"{id_}/2:0": Rgba(1.0, 1.0, 1.0, 1.0)}, "V:3": {}}
    del item["parentVariableCollectionId"]
    assert parse_variables(body({}, {id_: item}), "Key").collections[id_].parent_id == "VariableCollectionId:0:1"


def test_half_a_surrogate_pair_reaches_no_file() -> None:
    item = json.loads('{"name": "Ink \\udc00", "valuesByMode": {"1:\\ud800": "\\ud800"}}')
    assert (variable(item).name, variable(item).values) == ("Ink ?", {"1:?": "?"})


@pytest.mark.parametrize(
    ("answer", "lacking"),
    [
        ({}, "map of variable collections"),
        ({"meta": []}, "map of variable collections"),
        ({"meta": {"variables": {}}}, "map of variable collections"),
        ({"meta": {"variableCollections": {}, "variables": []}}, "map of variables"),
    ],
)
def test_an_answer_of_another_shape_names_the_file(answer: dict[str, Any], lacking: str) -> None:
    with pytest.raises(FigmaRefused) as caught:
        parse_variables(answer, "Key")
    (problem,) = caught.value.problems
    assert (problem.code, problem.message) == ("figma.odd-answer", f"Figma's answer holds no {lacking}")
    assert problem.location is not None
    assert problem.location.figma_file == "Key"


@given(st.dictionaries(st.text(max_size=4), json_values), st.dictionaries(st.text(max_size=4), json_values))
def test_any_json_is_survived(variables: Any, collections: Any) -> None:
    fields = ("valuesByMode", "scopes", "codeSyntax", "modes", "variableIds", "variableOverrides", "name")
    for items in (variables, collections):
        for number, item in enumerate(list(items.values())):
            items[f"item {number}"] = dict.fromkeys(fields, item)
    found = parse_variables(body(variables, collections), "Key")
    assert all(key == item.id for key, item in found.variables.items())
    assert json.dumps(repr(found)).isprintable()


def test_the_sandbox_answers_what_is_read_here() -> None:
    file = Design.bundled().file("HarborTokens0000000006")
    assert file is not None
    found = parse_variables(json.loads(json.dumps({"meta": payloads.variables(file)})), file.key)
    theme = next(item for item in found.collections.values() if item.name == "Harbor Theme" and not item.is_remote)
    assert [mode.name for mode in theme.modes] == ["Light", "Dark", "Light HC", "Dark HC"]
    assert all(isinstance(value, Alias) for value in found.variables[theme.variable_ids[0]].values.values())


def refused(text: str, request: Request | None = None) -> tuple[str, str, str]:
    (problem,) = refusal(request or local_variables("Key", CONFIG), 403, text).problems
    assert problem.location is not None
    assert problem.location.figma_file == "Key"
    return problem.code, problem.message, problem.hint


def test_a_plan_without_variables_is_told_with_the_way_that_works_on_every_plan() -> None:
    code, message, hint = refused("Limited by Figma plan")
    assert (code, message) == (
        "figma.plan",
        "the Figma plan does not allow variables of file Key: Limited by Figma plan",
    )
    assert "Enterprise" in hint
    assert "figma.lightFileId" in hint


def test_an_account_that_may_not_have_variables_is_told_apart_from_the_plan() -> None:
    code, message, hint = refused("Incorrect account type")
    assert (code, message) == (
        "figma.plan",
        "the account of the token may not have variables of file Key: Incorrect account type",
    )
    assert "not a guest" in hint
    assert "figma.lightFileId" in hint


def test_a_missing_scope_for_variables_is_named_even_where_figma_does_not_name_it() -> None:
    code, _, hint = refused("Invalid scope")
    assert code == "figma.missing-scope"
    assert hint.startswith("Scope needed: file_variables:read.")
    write = Request(Tier.THREE, "/v1/files/Key/variables", file_key="Key", method="POST")
    assert refused("Invalid scope", write)[2].startswith("Scope needed: file_variables:write.")
    named = "Invalid scope(s): file_content:read. This endpoint requires the file_variables:read scope"
    assert refused(named)[2].startswith("Scope needed: file_variables:read.")


def asked_by_ten(
    answer: Observable[Response],
) -> tuple[list[FileVariables], list[Exception], list[Request], list[Event]]:
    """What ten configs get that ask for the variables of one file, at once and one after the other."""
    values: list[FileVariables] = []
    errors: list[Exception] = []
    requests: list[Request] = []
    events: list[Event] = []

    def send(request: Request) -> Observable[Response]:
        def start(_: object) -> Observable[Response]:
            requests.append(request)
            return answer

        return rx.defer(start)

    time = TestScheduler()
    api = api_over(SingleFlight(send, events.append, lambda: 0.0, time), time)
    for number in range(10):
        config = ConfigId(f"/{number}.yaml", f"{number}.yaml", f"{number}.yaml")
        api.variables("Key", config).subscribe(values.append, errors.append, scheduler=time)
        if number > 4:
            time.advance_by(1.0)
    return values, errors, requests, events


def test_ten_configs_get_the_variables_of_a_file_from_one_request() -> None:
    values, errors, requests, events = asked_by_ten(rx.of(Response(200, body())))
    assert values == [FileVariables("Key", {}, {})] * 10
    assert errors == []
    assert len(requests) == 1
    assert len([event for event in events if isinstance(event, RequestShared)]) == 9


def test_ten_configs_whose_plan_has_no_variables_cost_one_request_and_get_the_same_refusal() -> None:
    error = refusal(local_variables("Key", CONFIG), 403, "Limited by Figma plan")
    values, errors, requests, _ = asked_by_ten(rx.throw(error))
    assert (values, errors, len(requests)) == ([], [error] * 10, 1)
    assert isinstance(errors[0], FigmaError)


def test_an_answer_of_another_shape_fails_each_config_that_asked() -> None:
    values, errors, requests, _ = asked_by_ten(rx.of(Response(200, {})))
    assert (values, len(errors), len(requests)) == ([], 10, 1)
    assert all(isinstance(error, FigmaRefused) for error in errors)
