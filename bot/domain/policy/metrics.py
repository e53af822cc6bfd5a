"""Which way is better, for metrics that everybody writes alike. What is not plainly known is unknown, never guessed."""

from __future__ import annotations

import re

_HIGHER = (
    "accuracy acc balanced_accuracy top_k_accuracy auc roc_auc auroc pr_auc auprc average_precision precision recall "
    "sensitivity specificity tpr tnr true_positive_rate true_negative_rate f1 f2 fbeta jaccard iou miou dice mcc "
    "matthews_corrcoef cohen_kappa kappa r2 explained_variance ndcg mrr mean_average_precision hit_rate gini lift "
    "bleu rouge rouge1 rouge2 rougel meteor bertscore exact_match silhouette adjusted_rand"
)
_LOWER = (
    "loss log_loss logloss cross_entropy binary_crossentropy hinge_loss brier brier_score_loss brier_loss brier "
    "mse rmse msle rmsle mae mape smape wape mase medae max_error mean_squared_error root_mean_squared_error "
    "mean_absolute_error mean_absolute_percentage_error median_absolute_error mean_squared_log_error error_rate "
    "error fpr fnr false_positive_rate false_negative_rate wer cer perplexity hamming_loss zero_one_loss pinball_loss "
    "davies_bouldin expected_calibration_error ece latency latency_ms"
)
_KNOWN = dict.fromkeys(_HIGHER.split(), True) | dict.fromkeys(_LOWER.split(), False)
_BEFORE = re.compile(r"^(?:(?:train|training|val|valid|validation|test|testing|eval|evaluation|holdout|cv|mean)_)+")
_AFTER = re.compile(r"(?:_(?:score|macro|micro|weighted|samples|mean|at_\d{1,4}|\d{1,4}|x))+$")
_SLICED = re.compile(r"_(?:by|per|for)_.*$|[.*\[?].*$")


def greater_is_better(metric: str) -> bool | None:
    """True or False for metrics that are common knowledge (`val_log_loss`, `recall_by_segment.*`), else None."""
    name = re.sub(r"[\s/@-]", "_", metric.strip().lower())
    for text in (name, _SLICED.sub("", name)):
        for core in (text, _BEFORE.sub("", text), _AFTER.sub("", _BEFORE.sub("", text))):
            known = _signed(core)
            if known is not None:
                return known
    return None


def _signed(core: str) -> bool | None:
    """scikit-learn's `neg_` scores turn the direction round."""
    if core.startswith("neg_"):
        known = _KNOWN.get(core.removeprefix("neg_"))
        return None if known is None else not known
    return _KNOWN.get(core)
