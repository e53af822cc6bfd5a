"""Many models in one layout, by their names in the registry, and what happens where one of them is odd."""

from __future__ import annotations

import pytest

from bot.discover import Draft, propose
from bot.domain.policy import Policy, parse_policy
from tests.discover.trees import tree

SERVICE = """
    apiVersion: serving.kserve.io/v1beta1
    kind: InferenceService
    metadata: {{name: {0}}}
    spec:
      predictor:
        model:
          storageUri: s3://models/{0}/{1}/model
    """
WHERE = "models/{}/{}/inferenceservice.yaml"
AT = "spec.predictor.model.storageUri"


def fleet(*models: str, environments: tuple[str, ...] = ("staging", "production")) -> dict[str, bytes]:
    return tree(
        {
            WHERE.format(model, name): SERVICE.format(model, 7 + place)
            for model in models
            for place, name in enumerate(environments)
        }
    )


def policy_of(draft: Draft) -> Policy:
    return parse_policy({".slackops.yaml": draft.text.encode()})


@pytest.mark.parametrize(
    "names", [("churn", "ltv"), ("churn", "fraud", "ltv"), tuple(f"m{n}" for n in range(40))], ids=len
)
def test_models_that_follow_one_pattern_are_one_layout(names: tuple[str, ...]) -> None:
    draft = propose(fleet(*names))
    policy = policy_of(draft)
    (layout,) = policy.layouts
    (binding,) = layout.bindings
    assert (binding.file, binding.at) == (WHERE.format("{model}", "{environment}"), AT)
    assert binding.template == "s3://models/{model}/{version}/model"
    assert not policy.models
    assert len(draft.targets) == 2 * len(names)
    assert {reading.version for reading in draft.readings.values()} == {"7", "8"}


def test_one_model_gets_targets_of_its_own() -> None:
    policy = policy_of(propose(fleet("churn")))
    assert (policy.layouts, list(policy.models["churn"].targets)) == ((), ["staging", "production"])


def test_a_layout_names_the_document_where_a_file_has_several() -> None:
    files = fleet("churn", "ltv")
    path = WHERE.format("ltv", "production")
    files[path] += b"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ltv}\n"
    (layout,) = policy_of(propose(files)).layouts
    doc = layout.bindings[0].doc
    assert doc is not None
    assert (doc.kind, doc.name) == ("InferenceService", "{model}")


def test_a_file_that_would_not_read_through_the_layout_takes_it_apart() -> None:
    files = fleet("churn", "ltv")
    files[WHERE.format("odd", "staging")] = (
        b"kind: InferenceService\nspec: {predictor: {model: {storageUri: '{{ uri }}'}}}\n"
    )
    draft = propose(files)
    policy = policy_of(draft)
    assert (policy.layouts, sorted(policy.models)) == ((), ["churn", "ltv"])
    assert ("odd", "staging") not in draft.readings


def test_what_a_layout_matches_beyond_its_models_is_said() -> None:
    files = fleet("churn", "ltv")
    files[WHERE.format("odd", "staging")] = tree({"x": SERVICE.replace("/{1}", "").format("odd")})["x"]
    draft = propose(files)
    assert len(policy_of(draft).layouts) == 1
    assert draft.readings["odd", "staging"].state == "not_pinned"
    assert "# also matches odd, whose values were not taken for versions" in draft.text


def test_only_the_models_of_the_registry_are_proposed() -> None:
    draft = propose(fleet("churn", "fraud_detector", "ltv"), ["fraud-detector", "main.value.ltv", "unused"])
    policy = policy_of(draft)
    assert sorted({target.model for target in draft.targets}) == ["fraud-detector", "ltv"]
    assert policy.registered_name("ltv") == "main.value.ltv"
    assert policy.registered_name("fraud-detector") == "fraud-detector"
    assert "no registered model of this name" in draft.text


def test_a_reference_by_a_registered_name_is_found_anywhere() -> None:
    files = tree(
        {
            "app/job.yaml": "kind: Whatever\nspec: {from: 's3://bucket/uplift/9/model.bst', docs: 'https://x.example/v1'}\n"
        }
    )
    assert not propose(files).targets
    (target,) = propose(files, ["uplift"]).targets
    assert (target.model, target.entries[0].spots[0].template) == ("uplift", "s3://bucket/uplift/{version}/model.bst")


def test_two_spellings_are_one_environment_with_an_alias() -> None:
    files = fleet("churn", "ltv", environments=("production",)) | fleet("fraud", environments=("prod",))
    policy = policy_of(propose(files))
    assert [(stage.name, stage.aliases) for stage in policy.environments] == [("production", ("prod",))]
    assert policy.models["fraud"].targets["production"].bindings[0].file == WHERE.format("fraud", "prod")


def test_nothing_found_is_no_target_and_still_a_policy() -> None:
    draft = propose(tree({"README.md": "# x", "a.yaml": "a: 1\n"}))
    assert not draft.targets
    assert policy_of(draft).environments[0].name == "production"
