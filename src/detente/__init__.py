"""Détente: a described international crisis as an explicit, sourced, runnable model."""
