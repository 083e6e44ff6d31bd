"""What is said of blind spots and of the health of feeds, in Spanish, Portuguese and English."""

from __future__ import annotations

from typing import Final

BLIND: Final[dict[str, dict[str, str]]] = {
    "blind.as_of": {
        "es": "A fecha {day}. «Sin ver» es lo que ninguna pasada vio de verdad en los últimos {days} días.",
        "pt": "Em {day}. «Sem ver» é o que nenhuma passagem viu de verdade nos últimos {days} dias.",
        "en": "As of {day}. Unseen is what no look has truly seen in the last {days} days.",
    },
    "blind.simulated": {
        "es": "SIMULADO (S), a fecha {day}: un paisaje inventado; nada de esto es una observación.",
        "pt": "SIMULADO (S), em {day}: uma paisagem inventada; nada disto é uma observação.",
        "en": "SIMULATED (S), as of {day}: an invented landscape; none of this is an observation.",
    },
    "blind.frozen": {
        "es": "A fecha {day}, no de hoy: así se pidió, o así terminó la última ejecución.",
        "pt": "Em {day}, não de hoje: assim foi pedido, ou assim terminou a última execução.",
        "en": "As of {day}, not of today: so it was asked for, or so the last run ended.",
    },
    "blind.place": {
        "es": "{name}: {looks}; {unseen} % sin ver por ningún sensor desde hace más de {days} días; en "
        "{found} % "
        "ya se habría encontrado (80 %) una tala de {size:g} ha hecha hace {age} días.",
        "pt": "{name}: {looks}; {unseen} % sem ver por nenhum sensor há mais de {days} dias; em {found} % "
        "já teria sido encontrado (80 %) um corte de {size:g} ha feito há {age} dias.",
        "en": "{name}: {looks}; {unseen} % unseen by any sensor for over {days} days; on {found} % a "
        "clearing of "
        "{size:g} ha made {age} days ago would by now have been found (80 %).",
    },
    "blind.unwatched": {
        "es": "No se vigilan {ha} ha de {all} ha: no cuentan como vistas.",
        "pt": "Não se vigiam {ha} ha de {all} ha: não contam como vistas.",
        "en": "{ha} ha of {all} ha are not watched: they do not count as seen.",
    },
    "blind.no_data": {
        "es": "{name}: sin datos; aquí no se vigila nada.",
        "pt": "{name}: sem dados; aqui nada é vigiado.",
        "en": "{name}: no data; nothing is watched here.",
    },
    "blind.others": {
        "es": "Otros lugares sin datos, {count}: no se vigila nada en ellos.",
        "pt": "Outros lugares sem dados, {count}: nada é vigiado neles.",
        "en": "More places without data, {count}: nothing is watched in them.",
    },
    "blind.nothing": {
        "es": "No se vigila nada: nada se vio. Sin alertas no significa bosque intacto.",
        "pt": "Nada é vigiado: nada foi visto. Sem alertas não significa floresta intacta.",
        "en": "Nothing is watched: nothing was seen. No alerts does not mean intact forest.",
    },
    "blind.looks.radar": {
        "es": "última pasada de radar {ago} (vio el {share} %)",
        "pt": "última passagem de radar {ago} (viu {share} %)",
        "en": "last radar look {ago} (saw {share} %)",
    },
    "blind.looks.optical": {
        "es": "última pasada óptica {ago} (vio el {share} %)",
        "pt": "última passagem óptica {ago} (viu {share} %)",
        "en": "last optical look {ago} (saw {share} %)",
    },
    "blind.ago.same": {"es": "el mismo día", "pt": "no mesmo dia", "en": "on the same day"},
    "blind.ago.one": {"es": "hace 1 día", "pt": "há 1 dia", "en": "1 day ago"},
    "blind.ago.many": {"es": "hace {ago} días", "pt": "há {ago} dias", "en": "{ago} days ago"},
    "blind.never.radar": {
        "es": "nunca visto por radar",
        "pt": "nunca visto por radar",
        "en": "never seen by radar",
    },
    "blind.never.optical": {
        "es": "nunca visto por sensor óptico",
        "pt": "nunca visto por sensor óptico",
        "en": "never seen by an optical sensor",
    },
    "blind.no_stream": {
        "es": "ninguna serie lo vigila",
        "pt": "nenhuma série o vigia",
        "en": "no stream watches it",
    },
    "blind.streams": {
        "es": "Por serie, en porcentaje de lo vigilado",
        "pt": "Por série, em porcentagem do vigiado",
        "en": "By stream, in percent of what is watched",
    },
    "blind.area": {"es": "Toda el área", "pt": "Toda a área", "en": "The whole area"},
    "blind.together": {"es": "todas juntas", "pt": "todas juntas", "en": "all together"},
    "blind.raster": {
        "es": "RESERVADO: {bands} bandas escritas en {path}. No sale del centro.",
        "pt": "RESERVADO: {bands} bandas gravadas em {path}. Não sai do centro.",
        "en": "RESTRICTED: {bands} bands written to {path}. It does not leave the centre.",
    },
    "blind.restricted": {
        "es": "Reservado: lo que un minero querría saber. No sale del centro.",
        "pt": "Reservado: o que um garimpeiro gostaria de saber. Não sai do centro.",
        "en": "Restricted: what a miner would like to know. It does not leave the centre.",
    },
    "blind.legend": {
        "es": "Un píxel es un kilómetro cuadrado; nodata: no se vigila. días: desde la última vez que una "
        "pasada "
        "vio al menos la mitad de lo vigilado; {never}: nunca. found_ha: la tala más pequeña de esa edad "
        "que ya se "
        "habría encontrado con 80 % de probabilidad; {never}: ninguna de 0,1 a 10 ha.",
        "pt": "Um pixel é um quilômetro quadrado; nodata: não é vigiado. dias: desde a última vez que uma "
        "passagem "
        "viu ao menos metade do vigiado; {never}: nunca. found_ha: o menor corte dessa idade que já teria "
        "sido "
        "encontrado com 80 % de probabilidade; {never}: nenhum de 0,1 a 10 ha.",
        "en": "A pixel is a square kilometre; nodata: not watched. days: since a look last saw at least "
        "half of "
        "what is watched; {never}: never. found_ha: the smallest clearing of that age that would by now "
        "have been "
        "found with 80 % probability; {never}: none from 0.1 to 10 ha.",
    },
    "why.NO_DATA": {"es": "sin datos", "pt": "sem dados", "en": "no data"},
    "why.SEEN": {"es": "visto", "pt": "visto", "en": "seen"},
    "why.NO_PASS": {
        "es": "ninguna pasada de la serie",
        "pt": "nenhuma passagem da série",
        "en": "no pass of the stream",
    },
    "why.OUTSIDE_SWATH": {
        "es": "fuera de la franja de las pasadas",
        "pt": "fora da faixa das passagens",
        "en": "outside the swath of the passes",
    },
    "why.CLOUD": {
        "es": "cubierto, pero nubes, sombra o sin valor",
        "pt": "coberto, mas nuvens, sombra ou sem valor",
        "en": "covered, but cloud, shadow or no value",
    },
    "why.LAYOVER": {
        "es": "radar sin valor nunca: inversión o sombra por relieve, o borde de la franja",
        "pt": "radar sem valor nunca: inversão ou sombra de relevo, ou borda da faixa",
        "en": "radar without a value ever: layover, shadow, or the edge of the swath",
    },
    "why.NO_BASELINE": {
        "es": "la serie no tiene línea base aquí",
        "pt": "a série não tem linha de base aqui",
        "en": "the stream has no baseline here",
    },
    "why.REFUSED": {
        "es": "pasadas rechazadas (véase dosel status)",
        "pt": "passagens recusadas (veja dosel status)",
        "en": "passes that were refused (see dosel status)",
    },
    "why.NOT_KNOWN": {"es": "no se sabe por qué", "pt": "não se sabe por quê", "en": "not known why"},
    "col.unseen": {"es": "sin ver", "pt": "sem ver", "en": "unseen"},
    "col.found": {"es": "1 ha hallada", "pt": "1 ha achado", "en": "1 ha found"},
    "col.why": {"es": "por qué no se vio", "pt": "por que não foi visto", "en": "why unseen"},
    "col.tiles": {"es": "teselas al día", "pt": "blocos em dia", "en": "tiles up to date"},
    "seen.share": {
        "es": "De lo vigilado, el {seen} % se vio de verdad en los {days} días hasta {day}; el {unseen} % "
        "no: "
        "allí «sin alertas» no significa bosque intacto.",
        "pt": "Do vigiado, {seen} % foi visto de verdade nos {days} dias até {day}; {unseen} % não: "
        "ali «sem alertas» não significa floresta intacta.",
        "en": "Of what is watched, {seen} % was truly seen in the {days} days up to {day}; {unseen} % was "
        "not: "
        "there 'no alerts' does not mean intact forest.",
    },
    "seen.nothing": {
        "es": "Nada se vio de verdad todavía: «sin alertas» no significa bosque intacto.",
        "pt": "Nada foi visto de verdade ainda: «sem alertas» não significa floresta intacta.",
        "en": "Nothing was truly seen yet: 'no alerts' does not mean intact forest.",
    },
}
"""By key, then by language."""
