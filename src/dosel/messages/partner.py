"""What imports of others' alerts say, in Spanish, Portuguese and English."""

from __future__ import annotations

from typing import Final

PARTNER: Final[dict[str, dict[str, str]]] = {
    "stage.import.read": {"es": "lee", "pt": "lê", "en": "read"},
    "stage.import.check": {"es": "revisa", "pt": "confere", "en": "check"},
    "stage.import.store": {"es": "guarda", "pt": "grava", "en": "store"},
    "alerts.own": {"es": "propia", "pt": "própria", "en": "own"},
    "alerts.not_said": {"es": "no lo dice", "pt": "não informa", "en": "not said"},
    "import.plan": {
        "es": "{feed}, {file}: sería así (no se ha cambiado nada):",
        "pt": "{feed}, {file}: seria assim (nada foi alterado):",
        "en": "{feed}, {file}: would be (nothing has been changed):",
    },
    "import.done": {"es": "{feed}, {file}:", "pt": "{feed}, {file}:", "en": "{feed}, {file}:"},
    "import.counts": {
        "es": "  {rows} filas: {fresh} nuevas, {changed} cambiadas, {same} iguales, {refused} rechazadas",
        "pt": "  {rows} linhas: {fresh} novas, {changed} alteradas, {same} iguais, {refused} recusadas",
        "en": "  {rows} rows: {fresh} new, {changed} changed, {same} the same, {refused} refused",
    },
    "import.ended": {
        "es": "  {count} alertas que la lista completa ya no contiene quedan terminadas",
        "pt": "  {count} alertas que a lista completa já não contém ficam encerrados",
        "en": "  {count} alerts that the whole list no longer holds have ended",
    },
    "import.unchanged": {
        "es": "  Nada nuevo: el archivo dice lo que ya estaba guardado.",
        "pt": "  Nada de novo: o arquivo diz o que já estava guardado.",
        "en": "  Nothing new: the file says what was stored already.",
    },
    "import.reason": {
        "es": "  {count} filas: {reason}",
        "pt": "  {count} linhas: {reason}",
        "en": "  {count} rows: {reason}",
    },
    "import.row": {
        "es": "    fila {row}: {said}",
        "pt": "    linha {row}: {said}",
        "en": "    row {row}: {said}",
    },
    "import.more": {
        "es": "    y {count} más",
        "pt": "    e mais {count}",
        "en": "    and {count} more",
    },
    "import.list": {
        "es": "  La lista completa está en {path}",
        "pt": "  A lista completa está em {path}",
        "en": "  The whole list is in {path}",
    },
    "import.no_terms": {
        "es": "  Falta la procedencia o la licencia de {feed}: nada de esta fuente puede salir del centro.",
        "pt": "  Falta a procedência ou a licença de {feed}: nada desta fonte pode sair do centro.",
        "en": "  Origin or licence of {feed} is missing: nothing of this feed can leave the centre.",
    },
    "import.feeds": {
        "es": "Fuentes que se pueden importar",
        "pt": "Fontes que podem ser importadas",
        "en": "Feeds that can be imported",
    },
    "import.own": {"es": "dosel.toml", "pt": "dosel.toml", "en": "dosel.toml"},
    "import.ready": {"es": "incluida", "pt": "incluída", "en": "ready"},
    "col.feed": {"es": "fuente", "pt": "fonte", "en": "feed"},
    "col.title": {"es": "nombre", "pt": "nome", "en": "title"},
    "col.kind": {"es": "contenido", "pt": "conteúdo", "en": "kind"},
    "col.from": {"es": "definida", "pt": "definida", "en": "defined"},
    "col.licence": {"es": "licencia", "pt": "licença", "en": "licence"},
    "col.source": {"es": "fuente", "pt": "fonte", "en": "source"},
    "kind.alerts": {"es": "alertas", "pt": "alertas", "en": "alerts"},
    "kind.hot-spots": {"es": "focos de calor", "pt": "focos de calor", "en": "hot spots"},
    "kind.figures": {"es": "cifras", "pt": "números", "en": "figures"},
    "figures.title": {
        "es": "Totales anuales por área, nunca por lugar",
        "pt": "Totais anuais por área, nunca por lugar",
        "en": "Yearly totals by area, never by place",
    },
    "kind.airstrips": {"es": "pistas", "pt": "pistas", "en": "airstrips"},
    "fires.none": {
        "es": "Ningún fuego pasa el filtro.",
        "pt": "Nenhum fogo passa pelo filtro.",
        "en": "No fire passes the filter.",
    },
    "fires.title": {
        "es": "Fuegos (de focos de calor de varias pasadas)",
        "pt": "Fogos (de focos de calor de várias passagens)",
        "en": "Fires (from hot spots of several passes)",
    },
    "fire.active": {"es": "activo", "pt": "ativo", "en": "active"},
    "fire.ended": {"es": "terminado", "pt": "encerrado", "en": "ended"},
    "col.first": {"es": "primero", "pt": "primeiro", "en": "first"},
    "col.until": {"es": "último", "pt": "último", "en": "last"},
    "col.spots": {"es": "focos", "pt": "focos", "en": "hot spots"},
    "col.passes": {"es": "pasadas", "pt": "passagens", "en": "passes"},
    "col.power": {"es": "potencia (MW)", "pt": "potência (MW)", "en": "power (MW)"},
    "col.place": {"es": "lat lon", "pt": "lat lon", "en": "lat lon"},
    "row.bad-day": {
        "es": "{column}: se esperaba un día, llegó {got}",
        "pt": "{column}: esperava-se um dia, veio {got}",
        "en": "{column}: expected a day, got {got}",
    },
    "row.future-day": {
        "es": "{column}: {got} está en el futuro (hoy es {today})",
        "pt": "{column}: {got} está no futuro (hoje é {today})",
        "en": "{column}: {got} lies in the future (today is {today})",
    },
    "row.bad-time": {
        "es": "{column}: se esperaba una hora HHMM en UTC, llegó {got}",
        "pt": "{column}: esperava-se uma hora HHMM em UTC, veio {got}",
        "en": "{column}: expected a time HHMM in UTC, got {got}",
    },
    "row.no-id": {
        "es": "{column}: falta el identificador",
        "pt": "{column}: falta o identificador",
        "en": "{column}: the identity is missing",
    },
    "row.no-geometry": {
        "es": "no tiene geometría, o no queda nada de ella al repararla",
        "pt": "não tem geometria, ou nada resta dela após o reparo",
        "en": "it has no geometry, or nothing is left of it after repair",
    },
    "row.wrong-kind": {
        "es": "la geometría no es del tipo que la fuente declara: {got}",
        "pt": "a geometria não é do tipo que a fonte declara: {got}",
        "en": "the geometry is not of the kind that the feed states: {got}",
    },
    "row.out-of-range": {
        "es": "las coordenadas quedan fuera de la Tierra: {got}",
        "pt": "as coordenadas ficam fora da Terra: {got}",
        "en": "the coordinates lie off the earth: {got}",
    },
    "row.not-its-crs": {
        "es": "las coordenadas contradicen el sistema declarado: {got}",
        "pt": "as coordenadas contradizem o sistema declarado: {got}",
        "en": "the coordinates contradict the declared CRS: {got}",
    },
    "row.elsewhere": {
        "es": "está fuera de la zona de la fuente (¿coordenadas intercambiadas?): {got}",
        "pt": "está fora da área da fonte (coordenadas trocadas?): {got}",
        "en": "it lies outside the area of the feed (swapped coordinates?): {got}",
    },
    "row.bad-number": {
        "es": "{column}: se esperaba un número, llegó {got}",
        "pt": "{column}: esperava-se um número, veio {got}",
        "en": "{column}: expected a number, got {got}",
    },
    "row.negative-area": {
        "es": "{column}: la superficie es negativa: {got}",
        "pt": "{column}: a área é negativa: {got}",
        "en": "{column}: the area is negative: {got}",
    },
    "row.area-contradicts": {
        "es": "la superficie de {stated} ha contradice su contorno, de {outline} ha",
        "pt": "a área de {stated} ha contradiz o seu contorno, de {outline} ha",
        "en": "the area of {stated} ha contradicts its outline of {outline} ha",
    },
    "row.bad-box": {
        "es": "el recuadro no es tal, o su punto está fuera: {got}",
        "pt": "o retângulo não é válido, ou o ponto está fora dele: {got}",
        "en": "the box is none, or its point lies outside: {got}",
    },
    "row.twice": {
        "es": "{id} aparece varias veces con contenido distinto: filas {rows}",
        "pt": "{id} aparece várias vezes com conteúdo diferente: linhas {rows}",
        "en": "{id} stands several times with different content: rows {rows}",
    },
    "row.no-plot": {
        "es": "nombra coca o amapola: solo se guardan cifras de áreas enteras, nunca un lugar",
        "pt": "menciona coca ou papoula: só se guardam números de áreas inteiras, nunca um lugar",
        "en": "it names coca or poppy: only figures of whole areas are kept, never a place",
    },
    "reason.no-plot": {
        "es": "lugar de coca o amapola",
        "pt": "lugar de coca ou papoula",
        "en": "place of coca or poppy",
    },
    "figures.counts": {
        "es": "  {rows} filas: {fresh} cifras nuevas, {changed} cambiadas, {empty} sin cifra,"
        " {refused} rechazadas",
        "pt": "  {rows} linhas: {fresh} números novos, {changed} alterados, {empty} sem número,"
        " {refused} recusadas",
        "en": "  {rows} rows: {fresh} new figures, {changed} changed, {empty} without one, {refused} refused",
    },
    "airstrips.none": {
        "es": "Ninguna pista pasa el filtro.",
        "pt": "Nenhuma pista passa pelo filtro.",
        "en": "No airstrip passes the filter.",
    },
    "airstrips.title": {
        "es": "Pistas fuera de toda lista de aeródromos",
        "pt": "Pistas fora de qualquer lista de aeródromos",
        "en": "Airstrips that are in no list of airfields",
    },
    "airstrips.proposed": {
        "es": "Posible reactivación de {strip} (destruida): alerta {alert} a {metres} m, {day}."
        " Decide una persona.",
        "pt": "Possível reativação de {strip} (destruída): alerta {alert} a {metres} m, {day}."
        " Uma pessoa decide.",
        "en": "Possible activity at {strip} (destroyed): alert {alert} at {metres} m, {day}."
        " A person decides.",
    },
    "airstrip.done": {
        "es": "{strip}: {state} desde {day}, anotado por {person}.",
        "pt": "{strip}: {state} desde {day}, anotado por {person}.",
        "en": "{strip}: {state} since {day}, recorded by {person}.",
    },
    "airstrip.plan": {
        "es": "{strip}: quedaría {state} desde {day} (no se ha cambiado nada).",
        "pt": "{strip}: ficaria {state} desde {day} (nada foi alterado).",
        "en": "{strip}: would be {state} since {day} (nothing has been changed).",
    },
    "strip.found": {"es": "hallada", "pt": "encontrada", "en": "found"},
    "strip.destroyed": {"es": "destruida", "pt": "destruída", "en": "destroyed"},
    "strip.active": {"es": "activa de nuevo", "pt": "ativa de novo", "en": "active again"},
    "col.state": {"es": "estado", "pt": "estado", "en": "state"},
    "col.since": {"es": "desde", "pt": "desde", "en": "since"},
    "row.repaired": {
        "es": "geometría inválida, reparada y usada: {why}",
        "pt": "geometria inválida, reparada e usada: {why}",
        "en": "invalid geometry, repaired and used: {why}",
    },
    "reason.bad-day": {"es": "día ilegible", "pt": "dia ilegível", "en": "unreadable day"},
    "reason.future-day": {"es": "día en el futuro", "pt": "dia no futuro", "en": "day in the future"},
    "reason.bad-time": {"es": "hora ilegible", "pt": "hora ilegível", "en": "unreadable time"},
    "reason.no-id": {"es": "sin identificador", "pt": "sem identificador", "en": "no identity"},
    "reason.no-geometry": {"es": "sin geometría", "pt": "sem geometria", "en": "no geometry"},
    "reason.wrong-kind": {
        "es": "otro tipo de geometría",
        "pt": "outro tipo de geometria",
        "en": "another kind of geometry",
    },
    "reason.out-of-range": {
        "es": "coordenadas imposibles",
        "pt": "coordenadas impossíveis",
        "en": "impossible coordinates",
    },
    "reason.not-its-crs": {
        "es": "coordenadas de otro sistema",
        "pt": "coordenadas de outro sistema",
        "en": "coordinates of another CRS",
    },
    "reason.elsewhere": {
        "es": "fuera de la zona de la fuente",
        "pt": "fora da área da fonte",
        "en": "outside the area of the feed",
    },
    "reason.bad-number": {"es": "número ilegible", "pt": "número ilegível", "en": "unreadable number"},
    "reason.negative-area": {"es": "superficie negativa", "pt": "área negativa", "en": "negative area"},
    "reason.area-contradicts": {
        "es": "superficie que contradice el contorno",
        "pt": "área que contradiz o contorno",
        "en": "area that contradicts the outline",
    },
    "reason.bad-box": {"es": "recuadro inválido", "pt": "retângulo inválido", "en": "invalid box"},
    "reason.twice": {
        "es": "repetida con contenido distinto",
        "pt": "repetida com conteúdo diferente",
        "en": "repeated with different content",
    },
    "reason.repaired": {
        "es": "geometría reparada (usada)",
        "pt": "geometria reparada (usada)",
        "en": "repaired geometry (used)",
    },
}
