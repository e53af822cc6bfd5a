"""Whole repos: exactly which targets come out, and what is said of the rest."""

from __future__ import annotations

import pytest

from bot.discover import Draft, propose
from bot.domain.policy import Policy, parse_policy
from tests.discover.trees import argo_tree, flux_tree, helm_tree, kustomization, tree

Line = tuple[str, str, str, str, str, str]


def lines(draft: Draft) -> list[Line]:
    """Model, environment, file, selector, template, and what the file reads."""
    return [
        (one.model, one.environment, entry.file, spot.at, spot.template, reading(draft, one.model, one.environment))
        for one in draft.targets
        for entry in one.entries
        for spot in entry.spots
    ]


def reading(draft: Draft, model: str, environment: str) -> str:
    """The version, else the state."""
    found = draft.readings[model, environment]
    return found.version or found.state


def policy_of(draft: Draft) -> Policy:
    return parse_policy({".slackops.yaml": draft.text.encode()})


def left_out(draft: Draft) -> dict[str, str]:
    return {one.file: one.why for one in draft.left_out}


BESIDE = "is of something that runs the model or stands beside it"
CHART = "spec.chart.spec.version"


def test_flux_overlays_are_bound_where_they_say_the_version() -> None:
    draft = propose(flux_tree())
    assert lines(draft) == [
        ("podinfo", "staging", "apps/staging/podinfo-values.yaml", CHART, "{version}", "not_pinned"),
        ("podinfo", "production", "apps/production/podinfo-values.yaml", CHART, "{version}", "not_pinned"),
    ]
    assert [stage.name for stage in policy_of(draft).environments] == ["staging", "production"]
    assert policy_of(draft).environment("prod").name == "production"
    assert "# >=1.0.0 is a range: pin it first" in draft.text
    assert left_out(draft) == {
        "apps/base/podinfo/release.yaml": f"spec.values.redis.tag: 7.0.6 {BESIDE}",
        "infrastructure/controllers/cert-manager.yaml": f"{CHART}: 1.x is a range: pin it first",
        "infrastructure/controllers/ingress-nginx.yaml": f"{CHART}: * is a range: pin it first",
    }


def test_flux_overlays_that_pin_read_as_pinned() -> None:
    assert reading(propose(flux_tree(production="6.5.4")), "podinfo", "production") == "6.5.4"


def test_independent_applications_get_one_assumed_environment() -> None:
    draft = propose(argo_tree())
    image = "spec.template.spec.containers[name=guestbook-ui].image"
    repository = "registry.example/gb-frontend"
    assert lines(draft) == [
        ("blue-green", "production", "blue-green/values.yaml", "image.tag", "{version}", "1.4.2"),
        ("guestbook", "production", "guestbook/guestbook-ui-deployment.yaml", image, f"{repository}:v{{version}}", "5"),
        ("helm-guestbook", "production", "helm-guestbook/values.yaml", "image.tag", "v{version}", "5"),
        ("kustomize-guestbook", "production", "kustomize-guestbook/guestbook-ui-deployment.yaml", image,
         f"{repository}:{{version}}", "0.1"),
    ]  # fmt: skip
    assert "nothing says its environment; production is assumed" in draft.text
    assert left_out(draft) == {
        "jsonnet-guestbook/guestbook.jsonnet": "is Jsonnet, not data",
        "jsonnet-guestbook/params.libsonnet": "is Jsonnet, not data",
    }


@pytest.mark.parametrize("folders", [True, False], ids=["envs/ENV/values.yaml", "values-ENV.yaml"])
def test_values_for_each_environment(folders: bool) -> None:
    draft = propose(helm_tree(folders))
    where = "envs/{}/values.yaml" if folders else "charts/scorer/values-{}.yaml"
    assert lines(draft) == [
        ("scorer", "dev", where.format("dev"), "image.tag", "{version}", "not_pinned"),
        ("scorer", "staging", where.format("staging"), "image.tag", "{version}", "1.8.0-rc1"),
        ("scorer", "production", where.format("production"), "image.tag", "{version}", "1.7.4"),
    ]
    (dev,) = policy_of(draft).model("scorer").targets["dev"].bindings
    assert dev.absent == "insert"
    assert "until then this environment is not" in draft.text


RELEASE = """
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata: {{name: scorer}}
    spec:
      values:
        {}
    """


def based_tree(staging: str = "replicas: 1", production: str = "replicas: 3") -> dict[str, bytes]:
    overlays = {"staging": staging, "production": production}
    return tree(
        {"apps/base/kustomization.yaml": kustomization("release.yaml")}
        | {"apps/base/release.yaml": RELEASE.format('image: {repository: r.example/scorer, tag: "41"}')}
        | {f"apps/{name}/kustomization.yaml": kustomization("../base", patches=("patch.yaml",)) for name in overlays}
        | {f"apps/{name}/patch.yaml": RELEASE.format(text) for name, text in overlays.items()}
    )


def test_a_base_serves_until_an_overlay_says_otherwise() -> None:
    draft = propose(based_tree())
    at = "spec.values.image.tag"
    assert lines(draft) == [
        ("scorer", "staging", "apps/base/release.yaml", at, "{version}", "41"),
        ("scorer", "production", "apps/production/patch.yaml", at, "{version}", "inherited"),
    ]
    targets = policy_of(draft).model("scorer").targets
    assert targets["staging"].shared_with == ("production",)
    assert [binding.inherits for binding in targets["production"].bindings] == ["staging"]


def test_an_overlay_that_says_it_takes_the_base_from_its_environment() -> None:
    draft = propose(based_tree(production='image: {tag: "40"}'))
    assert [line[1:3] + line[5:] for line in lines(draft)] == [
        ("staging", "apps/staging/patch.yaml", "not_pinned"),
        ("production", "apps/production/patch.yaml", "40"),
    ]


def test_a_base_with_no_patch_is_shared_by_all_who_use_it() -> None:
    files = based_tree() | tree({"apps/qa/other.yaml": RELEASE.format("image: {tag: 3}").replace("scorer", "other")})
    for name in ("staging", "production"):
        del files[f"apps/{name}/patch.yaml"]
    draft = propose(files)
    targets = policy_of(draft).model("scorer").targets
    assert {name: target.shared_with for name, target in targets.items()} == {
        "staging": ("production",),
        "production": ("staging",),
    }
    assert "one value serves all of these environments" in draft.text


def test_kustomize_overlays_win_over_the_image_of_the_base() -> None:
    deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: ltv}
        spec: {template: {spec: {containers: [{name: server, image: "r.example/ltv:v1"}]}}}
        """
    images = "images:\n  - name: r.example/statsd\n    newTag: 0.28.0\n  - name: r.example/ltv\n    newTag: v{}\n"
    draft = propose(
        tree(
            {
                "apps/ltv/base/deployment.yaml": deployment,
                "apps/ltv/base/kustomization.yaml": kustomization("deployment.yaml"),
            }
            | {
                f"apps/ltv/overlays/{name}/kustomization.yaml": kustomization("../../base", images=images.format(tag))
                for name, tag in (("staging", 4), ("production", 3))
            }
        )
    )
    at = "images[name=r.example/ltv].newTag"
    assert lines(draft) == [
        ("ltv", "staging", "apps/ltv/overlays/staging/kustomization.yaml", at, "v{version}", "4"),
        ("ltv", "production", "apps/ltv/overlays/production/kustomization.yaml", at, "v{version}", "3"),
    ]
    assert "declare their own" in left_out(draft)["apps/ltv/base/deployment.yaml"]
