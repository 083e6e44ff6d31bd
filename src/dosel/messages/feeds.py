"""What is said of feeds that are ill, in Spanish, Portuguese and English."""

from __future__ import annotations

from typing import Final

FEEDS: Final[dict[str, dict[str, str]]] = {
    "feeds.alarms": {
        "es": "ALARMAS DE FUENTES: {count}. El silencio de una fuente enferma no es calma.",
        "pt": "ALARMES DE FONTES: {count}. O silêncio de uma fonte doente não é calma.",
        "en": "ALARMS OF FEEDS: {count}. Silence of an ill feed is not peace.",
    },
    "feeds.late": {
        "es": "{feed}: ATRASADA desde el {day}. Nada llegó después del {last}; lo normal son {usual} días, "
        "se esperan hasta {allowed}.",
        "pt": "{feed}: ATRASADA desde {day}. Nada chegou depois de {last}; o normal são {usual} dias, "
        "esperam-se até {allowed}.",
        "en": "{feed}: LATE since {day}. Nothing has come after {last}; {usual} days are usual, up to "
        "{allowed} are waited for.",
    },
    "feeds.empty": {
        "es": "{feed}: VACÍA desde el {day}: {count} entregas seguidas sin nada dentro.",
        "pt": "{feed}: VAZIA desde {day}: {count} entregas seguidas sem nada dentro.",
        "en": "{feed}: EMPTY since {day}: {count} deliveries in a row with nothing in them.",
    },
    "feeds.schema": {
        "es": "{feed}: CAMBIÓ DE FORMA el {day}: {subject} era {before}, ahora {now}.",
        "pt": "{feed}: MUDOU DE FORMA em {day}: {subject} era {before}, agora {now}.",
        "en": "{feed}: CHANGED ITS FORM on {day}: {subject} was {before}, now {now}.",
    },
    "feeds.statistics": {
        "es": "{feed}: NÚMEROS RAROS desde el {day}: {subject} es {value}; lo normal es {usual} ({against}).",
        "pt": "{feed}: NÚMEROS ESTRANHOS desde {day}: {subject} é {value}; o normal é {usual} ({against}).",
        "en": "{feed}: ODD NUMBERS since {day}: {subject} is {value}; {usual} is usual ({against}).",
    },
    "feeds.season": {
        "es": "mediana de {of} de la misma época de otros años",
        "pt": "mediana de {of} da mesma época de outros anos",
        "en": "median of {of} of the same season of other years",
    },
    "feeds.latest": {
        "es": "mediana de los últimos {of}; la época del año aún no se conoce",
        "pt": "mediana dos últimos {of}; a época do ano ainda não se conhece",
        "en": "median of the latest {of}; the season is not known yet",
    },
    "feeds.none": {"es": "nada", "pt": "nada", "en": "not there"},
    "feeds.means.late": {
        "es": "Lo que cambió desde entonces no lo ha visto esta fuente: sin alertas no significa calma.",
        "pt": "O que mudou desde então não foi visto por esta fonte: sem alertas não significa calma.",
        "en": "What has changed since then this feed has not seen: no alerts does not mean peace.",
    },
    "feeds.means.empty": {
        "es": "Llega, pero no dice nada: puede faltar un filtro, un área o un permiso.",
        "pt": "Chega, mas não diz nada: pode faltar um filtro, uma área ou uma permissão.",
        "en": "It comes and says nothing: a filter, an area or a right may be missing.",
    },
    "feeds.means.schema": {
        "es": "Lo que se lee de ella puede significar otra cosa: compare el mapeo con lo que llegó.",
        "pt": "O que se lê dela pode significar outra coisa: compare o mapeamento com o que chegou.",
        "en": "What is read from it may mean something else: compare the mapping with what came.",
    },
    "feeds.means.statistics": {
        "es": "El mundo o el productor cambió: antes de creer el número, pregunte cuál de los dos.",
        "pt": "O mundo ou o produtor mudou: antes de crer no número, pergunte qual dos dois.",
        "en": "The world or the producer has changed: before you believe the number, ask which.",
    },
    "feeds.ask": {"es": "Pregunte a: {who}.", "pt": "Pergunte a: {who}.", "en": "Ask: {who}."},
    "feeds.ask_nobody": {
        "es": "No consta quién la produce: complete origin en dosel.toml.",
        "pt": "Não consta quem a produz: complete origin em dosel.toml.",
        "en": "Who makes it is not recorded: fill in origin in dosel.toml.",
    },
    "feeds.too_new": {
        "es": "Con muy poca historia para juzgar sus números: {feeds}.",
        "pt": "Com muito pouca história para julgar seus números: {feeds}.",
        "en": "With too little history to judge their numbers: {feeds}.",
    },
}
"""By key, then by language."""
