"""Drift and the health of models in use: windows that monitors told, and the incidents that come of them."""
