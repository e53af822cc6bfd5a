"""Deployment repos laid out like well-known ones, written for these tests."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent


def tree(files: Mapping[str, str]) -> dict[str, bytes]:
    """Files as they lie in a checkout."""
    return {path: dedent(text).lstrip("\n").encode() for path, text in files.items()}


def kustomization(*resources: str, patches: tuple[str, ...] = (), images: str = "") -> str:
    """A kustomization.yaml."""
    lines = ["apiVersion: kustomize.config.k8s.io/v1beta1", "kind: Kustomization", "resources:"]
    lines += [f"  - {one}" for one in resources]
    lines += ["patches:", *(f"  - path: {one}" for one in patches)] if patches else []
    return "\n".join(lines) + "\n" + images


def _flux_entry(name: str, path: str) -> str:
    return f"""
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata:
          name: {name}
          namespace: flux-system
        spec:
          interval: 10m0s
          sourceRef: {{kind: GitRepository, name: flux-system}}
          path: {path}
          prune: true
        """


def _release_patch(version: str, more: str = "") -> str:
    return f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: podinfo
          namespace: podinfo
        spec:
          chart:
            spec:
              version: "{version}"
          values:
            ingress: {{hosts: [{{host: podinfo.example}}]}}{more}
        """


def flux_tree(production: str = ">=1.0.0") -> dict[str, bytes]:
    """Base and overlays of a Helm release, entered by one folder for each cluster."""
    return tree(
        {
            "apps/base/podinfo/kustomization.yaml": kustomization("namespace.yaml", "repository.yaml", "release.yaml"),
            "apps/base/podinfo/namespace.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: podinfo}\n",
            "apps/base/podinfo/repository.yaml": """
                apiVersion: source.toolkit.fluxcd.io/v1
                kind: HelmRepository
                metadata: {name: podinfo, namespace: podinfo}
                spec: {interval: 5m, url: https://charts.example}
                """,
            "apps/base/podinfo/release.yaml": """
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata:
                  name: podinfo
                  namespace: podinfo
                spec:
                  releaseName: podinfo
                  chart:
                    spec:
                      chart: podinfo
                      sourceRef: {kind: HelmRepository, name: podinfo}
                  values:
                    redis:
                      enabled: true
                      repository: registry.example/redis
                      tag: 7.0.6
                """,
            "apps/staging/kustomization.yaml": kustomization("../base/podinfo", patches=("podinfo-values.yaml",)),
            "apps/staging/podinfo-values.yaml": _release_patch(">=1.0.0-alpha"),
            "apps/production/kustomization.yaml": kustomization("../base/podinfo", patches=("podinfo-values.yaml",)),
            "apps/production/podinfo-values.yaml": _release_patch(production),
            "clusters/staging/apps.yaml": _flux_entry("apps", "./apps/staging"),
            "clusters/staging/infrastructure.yaml": _flux_entry("infra-controllers", "./infrastructure/controllers"),
            "clusters/production/apps.yaml": _flux_entry("apps", "./apps/production"),
            "clusters/production/infrastructure.yaml": _flux_entry("infra-controllers", "./infrastructure/controllers"),
            "infrastructure/controllers/kustomization.yaml": kustomization("cert-manager.yaml", "ingress-nginx.yaml"),
            "infrastructure/controllers/cert-manager.yaml": """
                apiVersion: v1
                kind: Namespace
                metadata: {name: cert-manager}
                ---
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata: {name: cert-manager, namespace: cert-manager}
                spec:
                  chart:
                    spec: {chart: cert-manager, version: 1.x}
                """,
            "infrastructure/controllers/ingress-nginx.yaml": """
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata: {name: ingress-nginx, namespace: ingress-nginx}
                spec:
                  chart:
                    spec: {chart: ingress-nginx, version: "*"}
                """,
        }
    )


def _deployment(image: str) -> str:
    return f"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: guestbook-ui
        spec:
          replicas: 1
          selector: {{matchLabels: {{app: guestbook-ui}}}}
          template:
            metadata: {{labels: {{app: guestbook-ui}}}}
            spec:
              containers:
                - image: {image}
                  name: guestbook-ui
                  ports: [{{containerPort: 80}}]
        """


_CHART_TEMPLATE = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ template "helm-guestbook.fullname" . }}
    spec:
      template:
        spec:
          containers:
            - name: {{ .Chart.Name }}
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
    """


def argo_tree() -> dict[str, bytes]:
    """Independent applications, each in a folder of its own, with no environments."""
    return tree(
        {
            "apps/templates/applications.yaml": "{{- range .Values.apps }}\nkind: Application\n{{ end }}\n",
            "apps/Chart.yaml": "apiVersion: v2\nname: applications\nversion: 1.0.0\n",
            "apps/values.yaml": "spec:\n  destination: {server: https://kubernetes.default.svc}\n",
            "guestbook/guestbook-ui-deployment.yaml": _deployment("registry.example/gb-frontend:v5"),
            "guestbook/guestbook-ui-svc.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: guestbook-ui}\n",
            "kustomize-guestbook/guestbook-ui-deployment.yaml": _deployment("registry.example/gb-frontend:0.1"),
            "kustomize-guestbook/kustomization.yaml": "namePrefix: kustomize-\n"
            + kustomization("guestbook-ui-deployment.yaml"),
            "helm-guestbook/Chart.yaml": "apiVersion: v2\nname: helm-guestbook\nversion: 0.1.0\nappVersion: '1.0'\n",
            "helm-guestbook/templates/deployment.yaml": _CHART_TEMPLATE,
            "helm-guestbook/values.yaml": """
                # Default values
                replicaCount: 1
                image:
                  repository: registry.example/gb-frontend
                  tag: v5
                  pullPolicy: IfNotPresent
                service: {type: ClusterIP, port: 80}
                """,
            "helm-guestbook/values-production.yaml": "service:\n  type: LoadBalancer\n",
            "jsonnet-guestbook/guestbook.jsonnet": "local p = { image: 'gb-frontend:v5' };\n[{ kind: 'Deployment' }]\n",
            "jsonnet-guestbook/params.libsonnet": "{ image: 'registry.example/gb-frontend:v5', name: 'ui' }\n",
            "blue-green/Chart.yaml": "apiVersion: v2\nname: blue-green\nversion: 0.1.0\n",
            "blue-green/templates/rollout.yaml": _CHART_TEMPLATE,
            "blue-green/values.yaml": 'replicaCount: 3\nimage:\n  repository: registry.example/demo\n  tag: "1.4.2"\n',
        }
    )


def helm_tree(folders: bool = True) -> dict[str, bytes]:
    """A chart and values for each environment, in folders or as values-ENV.yaml; the sandbox says no tag."""
    values = {
        "staging": "image:\n  tag: 1.8.0-rc1\nreplicas: 1\n",
        "production": 'image:\n  tag: "1.7.4" # approved\nreplicas: 4\n',
        "dev": "replicas: 1\n",
    }
    where = "envs/{}/values.yaml" if folders else "charts/scorer/values-{}.yaml"
    return tree(
        {
            "charts/scorer/Chart.yaml": "apiVersion: v2\nname: scorer\nversion: 0.3.0\n",
            "charts/scorer/values.yaml": "image:\n  repository: registry.example/scorer\n  tag: 1.0.0\nreplicas: 1\n",
            "charts/scorer/templates/deployment.yaml": _CHART_TEMPLATE,
            **{where.format(name): text for name, text in values.items()},
        }
    )
