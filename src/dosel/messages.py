"""Sentences for people, in Spanish, Portuguese and English.

Examples
--------
>>> say("watch.nothing", "pt")
'Nada de novo: todas as passagens conhecidas já foram usadas.'
>>> sorted({frozenset(row) for row in CATALOGUE.values()}) == [frozenset(LANGUAGES)]
True
"""

from __future__ import annotations

from typing import Final

LANGUAGES: Final = ("es", "pt", "en")

CATALOGUE: Final[dict[str, dict[str, str]]] = {
    "init.done": {
        "es": "Centro creado en {path}. Complete {file} y ejecute: dosel watch --centre {path}",
        "pt": "Centro criado em {path}. Complete {file} e execute: dosel watch --centre {path}",
        "en": "Centre made in {path}. Complete {file}, then run: dosel watch --centre {path}",
    },
    "watch.nothing": {
        "es": "Nada nuevo: todas las pasadas conocidas ya se usaron.",
        "pt": "Nada de novo: todas as passagens conhecidas já foram usadas.",
        "en": "Nothing new: every known look has been used.",
    },
    "watch.plan": {
        "es": "Plan (no se ha cambiado nada):",
        "pt": "Plano (nada foi alterado):",
        "en": "Plan (nothing has been changed):",
    },
    "watch.summary": {
        "es": "Resumen de la vigilancia",
        "pt": "Resumo da vigilância",
        "en": "Summary of the watch",
    },
    "looks.used": {"es": "pasadas usadas", "pt": "passagens usadas", "en": "looks used"},
    "looks.history": {
        "es": "pasadas para la línea base",
        "pt": "passagens para a linha de base",
        "en": "looks learnt from",
    },
    "looks.refused": {"es": "pasadas rechazadas", "pt": "passagens recusadas", "en": "looks refused"},
    "scenes.refused": {"es": "escenas rechazadas", "pt": "cenas recusadas", "en": "scenes refused"},
    "pixels.updated": {"es": "píxeles actualizados", "pt": "pixels atualizados", "en": "pixels updated"},
    "alerts.new": {"es": "alertas nuevas", "pt": "alertas novos", "en": "alerts new"},
    "alerts.grown": {"es": "alertas crecidas", "pt": "alertas que cresceram", "en": "alerts grown"},
    "alerts.confirmed": {"es": "alertas confirmadas", "pt": "alertas confirmados", "en": "alerts confirmed"},
    "alerts.withdrawn": {"es": "alertas retiradas", "pt": "alertas retirados", "en": "alerts withdrawn"},
    "seconds": {"es": "segundos", "pt": "segundos", "en": "seconds"},
    "stage.search": {"es": "buscar", "pt": "buscar", "en": "search"},
    "stage.read": {"es": "leer", "pt": "ler", "en": "read"},
    "stage.learn": {"es": "aprender", "pt": "aprender", "en": "learn"},
    "stage.update": {"es": "actualizar", "pt": "atualizar", "en": "update"},
    "stage.confirm": {"es": "confirmar", "pt": "confirmar", "en": "confirm"},
    "stage.polygonize": {"es": "poligonizar", "pt": "poligonizar", "en": "polygonize"},
    "stage.track": {"es": "seguir", "pt": "acompanhar", "en": "track"},
    "stage.explain": {"es": "explicar", "pt": "explicar", "en": "explain"},
    "stage.store": {"es": "guardar", "pt": "guardar", "en": "store"},
    "alerts.title": {"es": "Alertas", "pt": "Alertas", "en": "Alerts"},
    "alerts.none": {
        "es": "Ninguna alerta cumple el filtro.",
        "pt": "Nenhum alerta corresponde ao filtro.",
        "en": "No alert passes the filter.",
    },
    "alerts.written": {
        "es": "{count} alertas escritas en {path} (entrega {release}).",
        "pt": "{count} alertas gravados em {path} (liberação {release}).",
        "en": "{count} alerts written to {path} (release {release}).",
    },
    "recompute.same": {
        "es": "{alert}: igual. {pixels} píxeles en {tiles} teselas, recalculados con {looks} pasadas.",
        "pt": "{alert}: igual. {pixels} pixels em {tiles} blocos, recalculados com {looks} passagens.",
        "en": "{alert}: the same. {pixels} pixels on {tiles} tiles, computed again from {looks} looks.",
    },
    "recompute.differs": {
        "es": "{alert}: NO sale igual al recalcularla con {looks} pasadas:",
        "pt": "{alert}: NÃO sai igual ao recalculá-lo com {looks} passagens:",
        "en": "{alert}: NOT the same when computed again from {looks} looks:",
    },
    "recompute.look": {
        "es": "la pasada {look} en la tesela {tile} no es la que se usó",
        "pt": "a passagem {look} no bloco {tile} não é a que foi usada",
        "en": "the look {look} on tile {tile} is not the one that was folded",
    },
    "recompute.baseline": {
        "es": "la línea base de {stream} en la tesela {tile} no es la que se usó",
        "pt": "a linha de base de {stream} no bloco {tile} não é a que foi usada",
        "en": "the baseline of {stream} on tile {tile} is not the one that was used",
    },
    "recompute.mask": {
        "es": "la máscara de análisis de la tesela {tile} no es la que regía; vea [mask] y su mapa",
        "pt": "a máscara de análise do bloco {tile} não é a que valia; veja [mask] e seu mapa",
        "en": "the analysis mask of tile {tile} is not the one that was in force; see [mask] and its map",
    },
    "recompute.method": {
        "es": "los parámetros {method} no son los que se guardaron",
        "pt": "os parâmetros {method} não são os que foram guardados",
        "en": "the parameters {method} are not those that were stored",
    },
    "recompute.birth": {
        "es": "en la pasada {look} no nace ninguna alerta con esta identidad",
        "pt": "na passagem {look} não nasce nenhum alerta com esta identidade",
        "en": "no alert of this identity is born at the look {look}",
    },
    "recompute.figure": {
        "es": "{name}: guardado {stored}, recalculado {computed}",
        "pt": "{name}: guardado {stored}, recalculado {computed}",
        "en": "{name}: stored {stored}, computed {computed}",
    },
    "recompute.state": {
        "es": "estado de la tesela {tile}: {plane} difiere en {pixels} píxeles de la alerta",
        "pt": "estado do bloco {tile}: {plane} difere em {pixels} pixels do alerta",
        "en": "state of tile {tile}: {plane} differs in {pixels} pixels of the alert",
    },
    "status.title": {"es": "Qué se ha visto", "pt": "O que foi visto", "en": "What has been seen"},
    "status.stale": {
        "es": "ATRASADO: {days} días sin pasada; lo normal son {usual}",
        "pt": "ATRASADO: {days} dias sem passagem; o normal são {usual}",
        "en": "STALE: no look for {days} days; {usual} are usual",
    },
    "status.fresh": {"es": "al día", "pt": "em dia", "en": "up to date"},
    "status.never": {"es": "nunca visto", "pt": "nunca visto", "en": "never seen"},
    "doctor.good": {"es": "bien", "pt": "bom", "en": "good"},
    "doctor.bad": {"es": "MAL", "pt": "RUIM", "en": "BAD"},
    "doctor.warn": {"es": "atención", "pt": "atenção", "en": "attention"},
    "demo.simulated": {
        "es": "Todo lo que sigue es SIMULADO: un paisaje inventado con verdad conocida (S).",
        "pt": "Tudo o que segue é SIMULADO: uma paisagem inventada com verdade conhecida (S).",
        "en": "All that follows is SIMULATED: an invented landscape with a known truth (S).",
    },
    "results.where": {
        "es": "Los resultados están en {path}.",
        "pt": "Os resultados estão em {path}.",
        "en": "The results are in {path}.",
    },
    "col.id": {"es": "id", "pt": "id", "en": "id"},
    "col.status": {"es": "estado", "pt": "estado", "en": "status"},
    "col.hectares": {"es": "hectáreas", "pt": "hectares", "en": "hectares"},
    "col.between": {"es": "cambió entre", "pt": "mudou entre", "en": "changed between"},
    "col.and": {"es": "y", "pt": "e", "en": "and"},
    "col.confirmed": {"es": "confirmada", "pt": "confirmado", "en": "confirmed"},
    "col.evidence": {"es": "evidencia (nat)", "pt": "evidência (nat)", "en": "evidence (nat)"},
    "col.baseline": {"es": "comparada con", "pt": "comparado com", "en": "compared with"},
    "col.stream": {"es": "serie", "pt": "série", "en": "stream"},
    "col.tile": {"es": "tesela", "pt": "bloco", "en": "tile"},
    "col.looks": {"es": "pasadas", "pt": "passagens", "en": "looks"},
    "col.last": {"es": "última pasada", "pt": "última passagem", "en": "last look"},
    "col.health": {"es": "salud", "pt": "saúde", "en": "health"},
    "col.reason": {"es": "motivo", "pt": "motivo", "en": "reason"},
}
"""By key, then by language."""


def say(key: str, language: str, **values: object) -> str:
    """Return the sentence `key` in `language` with its values filled in.

    Raises
    ------
    KeyError
        If there is no such sentence or language: a mistake of the program, which a test catches.
    """
    return CATALOGUE[key][language].format(**values)
