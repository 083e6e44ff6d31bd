"""Causes, signs and the reasons they give, in Spanish, Portuguese and English."""

from __future__ import annotations

from typing import Final


def _row(es: str, pt: str, en: str) -> dict[str, str]:
    return {"es": es, "pt": pt, "en": en}


CAUSES: Final[dict[str, dict[str, str]]] = {
    "cause.UNKNOWN": _row("desconocida", "desconhecida", "unknown"),
    "cause.AGRICULTURE": _row("agricultura y pastos", "agricultura e pastagem", "agriculture and pasture"),
    "cause.SMALL_CLEARING": _row("claro pequeño", "pequena clareira", "small clearing"),
    "cause.MINING": _row("minería con pozas", "mineração com cavas", "mining with ponds"),
    "cause.LOGGING": _row(
        "claros y caminos de extracción de madera",
        "clareiras e estradas de extração de madeira",
        "logging gap and road",
    ),
    "cause.ROAD": _row("camino", "estrada", "road"),
    "cause.AIRSTRIP": _row("pista de aterrizaje", "pista de pouso", "airstrip"),
    "cause.FIRE": _row("fuego", "fogo", "fire"),
    "cause.DREDGING": _row(
        "minería y dragado en el río", "mineração e dragagem no rio", "river mining and dredging"
    ),
    "cause.MEANDER": _row("meandro del río", "meandro do rio", "river meander"),
    "cause.WINDTHROW": _row("árboles caídos por viento", "árvores derrubadas pelo vento", "windthrow"),
    "cause.INFRASTRUCTURE": _row("infraestructura", "infraestrutura", "infrastructure"),
}

SIGNS: Final[dict[str, dict[str, str]]] = {
    "sign.area_ha": _row("superficie", "área", "area"),
    "sign.length_m": _row("largo", "comprimento", "length"),
    "sign.width_m": _row("ancho", "largura", "width"),
    "sign.elongation": _row("alargamiento", "alongamento", "elongation"),
    "sign.fill": _row("parte de su rectángulo", "parte de seu retângulo", "share of its rectangle"),
    "sign.solidity": _row("parte de su envolvente", "parte de seu envoltório", "share of its hull"),
    "sign.compactness": _row("compacidad", "compacidade", "compactness"),
    "sign.orientation_deg": _row("dirección", "direção", "direction"),
    "sign.perimeter_m": _row("perímetro", "perímetro", "perimeter"),
    "sign.parts": _row("partes", "partes", "pieces"),
    "sign.river_m": _row("distancia a un río", "distância a um rio", "distance to a river"),
    "sign.road_m": _row("distancia a un camino", "distância a uma estrada", "distance to a road"),
    "sign.settlement_m": _row(
        "distancia a un centro poblado", "distância a uma localidade", "distance to a settlement"
    ),
    "sign.airfield_m": _row(
        "distancia a un aeródromo o pista",
        "distância a um aeródromo ou pista",
        "distance to an airfield or strip",
    ),
    "sign.clearing_m": _row(
        "distancia a un desbosque anterior",
        "distância a um desmatamento anterior",
        "distance to an earlier clearing",
    ),
    "sign.mining_right_m": _row(
        "distancia a un derecho minero", "distância a um direito minerário", "distance to a mining right"
    ),
    "sign.mining_scar_m": _row(
        "distancia a minería conocida", "distância a mineração conhecida", "distance to known mining"
    ),
    "sign.border_m": _row("distancia a la frontera", "distância à fronteira", "distance to the border"),
    "sign.protected": _row("área protegida", "área protegida", "protected area"),
    "sign.indigenous": _row("territorio indígena", "território indígena", "indigenous territory"),
    "sign.concession": _row("concesión", "concessão", "concession"),
    "sign.mining_corridor": _row("corredor minero", "corredor minerário", "mining corridor"),
    "sign.day_of_year": _row("época del año", "época do ano", "season"),
    "sign.growth_ha": _row("crecimiento", "crescimento", "growth"),
    "sign.growth_days": _row("días de crecimiento", "dias de crescimento", "days of growth"),
    "sign.growth_ha_a_day": _row("crecimiento por día", "crescimento por dia", "growth a day"),
    "sign.slope_deg": _row("pendiente", "declividade", "slope"),
    "sign.radar_nats": _row("evidencia de radar", "evidência de radar", "evidence from radar"),
    "sign.optical_nats": _row("evidencia óptica", "evidência óptica", "evidence from optical images"),
    "sign.hot_spots": _row("focos de calor", "focos de calor", "hot spots"),
    "sign.partner": _row(
        "causa según otra fuente", "causa segundo outra fonte", "cause that a partner names"
    ),
}

REASONS: Final[dict[str, dict[str, str]]] = {
    "reason.area_ha": _row("{value} ha", "{value} ha", "{value} ha"),
    "reason.length_m": _row("{value} m de largo", "{value} m de comprimento", "{value} m long"),
    "reason.width_m": _row("{value} m de ancho", "{value} m de largura", "{value} m wide"),
    "reason.long": _row(
        "alargado {ratio}:1, {length} m de largo",
        "alongado {ratio}:1, {length} m de comprimento",
        "elongated {ratio}:1, {length} m long",
    ),
    "reason.square": _row(
        "poco alargado ({ratio}:1)", "pouco alongado ({ratio}:1)", "not elongated ({ratio}:1)"
    ),
    "reason.fill": _row(
        "llena el {percent} % del menor rectángulo que lo contiene",
        "preenche {percent} % do menor retângulo que o contém",
        "fills {percent} % of the smallest rectangle around it",
    ),
    "reason.solidity": _row(
        "llena el {percent} % de su envolvente convexa",
        "preenche {percent} % de seu envoltório convexo",
        "fills {percent} % of its convex hull",
    ),
    "reason.compactness": _row(
        "borde {times} veces el de un disco de igual superficie",
        "borda {times} vezes a de um disco de mesma área",
        "edge {times} times that of a disc of its area",
    ),
    "reason.orientation_deg": _row(
        "orientado a {value}° del norte", "orientado a {value}° do norte", "pointing {value}° from north"
    ),
    "reason.perimeter_m": _row("{value} m de borde", "{value} m de borda", "{value} m of edge"),
    "reason.parts": _row(
        "partes separadas: {value}", "partes separadas: {value}", "separate pieces: {value}"
    ),
    "reason.near.river": _row("a {metres} m de un río", "a {metres} m de um rio", "{metres} m from a river"),
    "reason.far.river": _row(
        "ningún río a menos de {km} km", "nenhum rio a menos de {km} km", "no river within {km} km"
    ),
    "reason.near.road": _row(
        "a {metres} m de un camino", "a {metres} m de uma estrada", "{metres} m from a road"
    ),
    "reason.far.road": _row(
        "ningún camino a menos de {km} km", "nenhuma estrada a menos de {km} km", "no road within {km} km"
    ),
    "reason.near.settlement": _row(
        "a {metres} m de un centro poblado", "a {metres} m de uma localidade", "{metres} m from a settlement"
    ),
    "reason.far.settlement": _row(
        "ningún centro poblado a menos de {km} km",
        "nenhuma localidade a menos de {km} km",
        "no settlement within {km} km",
    ),
    "reason.near.airfield": _row(
        "a {metres} m de un aeródromo o pista",
        "a {metres} m de um aeródromo ou pista",
        "{metres} m from an airfield or strip",
    ),
    "reason.far.airfield": _row(
        "ningún aeródromo ni pista conocida a menos de {km} km",
        "nenhum aeródromo nem pista conhecida a menos de {km} km",
        "no airfield or known strip within {km} km",
    ),
    "reason.near.clearing": _row(
        "a {metres} m de un desbosque anterior",
        "a {metres} m de um desmatamento anterior",
        "{metres} m from an earlier clearing",
    ),
    "reason.far.clearing": _row(
        "ningún desbosque anterior a menos de {km} km",
        "nenhum desmatamento anterior a menos de {km} km",
        "no earlier clearing within {km} km",
    ),
    "reason.near.mining_right": _row(
        "a {metres} m de un derecho minero",
        "a {metres} m de um direito minerário",
        "{metres} m from a mining right",
    ),
    "reason.far.mining_right": _row(
        "ningún derecho minero a menos de {km} km",
        "nenhum direito minerário a menos de {km} km",
        "no mining right within {km} km",
    ),
    "reason.near.mining_scar": _row(
        "a {metres} m de minería ya conocida",
        "a {metres} m de mineração já conhecida",
        "{metres} m from mining known before",
    ),
    "reason.far.mining_scar": _row(
        "ninguna minería conocida a menos de {km} km",
        "nenhuma mineração conhecida a menos de {km} km",
        "no known mining within {km} km",
    ),
    "reason.near.border": _row(
        "a {metres} m de la frontera", "a {metres} m da fronteira", "{metres} m from the border"
    ),
    "reason.far.border": _row(
        "la frontera, a más de {km} km", "a fronteira, a mais de {km} km", "the border, over {km} km away"
    ),
    "reason.inside.protected": _row(
        "dentro de un área protegida", "dentro de uma área protegida", "inside a protected area"
    ),
    "reason.outside.protected": _row(
        "fuera de las áreas protegidas", "fora das áreas protegidas", "outside protected areas"
    ),
    "reason.inside.indigenous": _row(
        "dentro de un territorio indígena",
        "dentro de um território indígena",
        "inside an indigenous territory",
    ),
    "reason.outside.indigenous": _row(
        "fuera de los territorios indígenas",
        "fora dos territórios indígenas",
        "outside indigenous territories",
    ),
    "reason.inside.concession": _row(
        "dentro de una concesión", "dentro de uma concessão", "inside a concession"
    ),
    "reason.outside.concession": _row(
        "fuera de las concesiones", "fora das concessões", "outside concessions"
    ),
    "reason.inside.mining_corridor": _row(
        "dentro del corredor minero", "dentro do corredor minerário", "inside the mining corridor"
    ),
    "reason.outside.mining_corridor": _row(
        "fuera del corredor minero", "fora do corredor minerário", "outside the mining corridor"
    ),
    "reason.day_of_year": _row("detectado en {month}", "detectado em {month}", "seen in {month}"),
    "reason.growth": _row(
        "creció {ha} ha en {days} días", "cresceu {ha} ha em {days} dias", "grew {ha} ha in {days} days"
    ),
    "reason.slope_deg": _row("pendiente de {value}°", "declividade de {value}°", "slope of {value}°"),
    "reason.radar_nats": _row(
        "evidencia de radar: {value} nats",
        "evidência de radar: {value} nats",
        "evidence from radar: {value} nats",
    ),
    "reason.optical_nats": _row(
        "evidencia óptica: {value} nats",
        "evidência óptica: {value} nats",
        "evidence from optical images: {value} nats",
    ),
    "reason.hot_spots": _row(
        "focos de calor cerca en lugar y fecha: {count}",
        "focos de calor perto em lugar e data: {count}",
        "hot spots near in place and time: {count}",
    ),
    "reason.no_hot_spots": _row(
        "ningún foco de calor cerca en lugar y fecha",
        "nenhum foco de calor perto em lugar e data",
        "no hot spot near in place and time",
    ),
    "reason.partner": _row(
        "otra fuente lo llama: {cause}", "outra fonte o chama de: {cause}", "a partner calls it: {cause}"
    ),
    "reason.unseen": _row("sin evaluar: {sign}", "não avaliado: {sign}", "not evaluated: {sign}"),
    "reason.strange": _row(
        "{sign}: fuera de lo que muestran los casos conocidos",
        "{sign}: fora do que mostram os casos conhecidos",
        "{sign}: outside of what known cases show",
    ),
}

MONTHS: Final[dict[str, dict[str, str]]] = {
    f"month.{number}": _row(*names)
    for number, names in enumerate(
        (
            ("enero", "janeiro", "January"),
            ("febrero", "fevereiro", "February"),
            ("marzo", "março", "March"),
            ("abril", "abril", "April"),
            ("mayo", "maio", "May"),
            ("junio", "junho", "June"),
            ("julio", "julho", "July"),
            ("agosto", "agosto", "August"),
            ("septiembre", "setembro", "September"),
            ("octubre", "outubro", "October"),
            ("noviembre", "novembro", "November"),
            ("diciembre", "dezembro", "December"),
        ),
        1,
    )
}

CAUSE: Final[dict[str, dict[str, str]]] = {**CAUSES, **SIGNS, **REASONS, **MONTHS}
"""By key, then by language."""
