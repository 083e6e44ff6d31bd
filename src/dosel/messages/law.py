"""What is said of who may act, at what place, by which law; part of :data:`dosel.messages.CATALOGUE`."""

from __future__ import annotations

from typing import Final

LAW: Final[dict[str, dict[str, str]]] = {
    "who.title": {
        "es": "Quién puede actuar en {place} el {day}",
        "pt": "Quem pode agir em {place} em {day}",
        "en": "Who may act at {place} on {day}",
    },
    "who.cause": {"es": "Causa: {cause}", "pt": "Causa: {cause}", "en": "Cause: {cause}"},
    "who.boxed": {
        "es": "La fuente da un recuadro, no un contorno: los porcentajes son del recuadro.",
        "pt": "A fonte dá uma caixa, não um contorno: as porcentagens são da caixa.",
        "en": "The source gives a box, not an outline: shares are of the box.",
    },
    "who.cause_unknown": {
        "es": "Causa: no se sabe; las reglas de una sola causa van aparte",
        "pt": "Causa: não se sabe; as regras de uma só causa vão à parte",
        "en": "Cause: not known; rules of a single cause stand apart",
    },
    "who.not_known": {
        "es": "No se sabe quién es competente.",
        "pt": "Não se sabe quem é competente.",
        "en": "Who is competent is not known.",
    },
    "who.abroad": {
        "es": "El lugar está fuera del país de estas reglas ({country}).",
        "pt": "O lugar fica fora do país destas regras ({country}).",
        "en": "The place lies outside the country of these rules ({country}).",
    },
    "who.country_unknown": {
        "es": "Ninguna capa dice en qué país está el lugar: no se puede aplicar ninguna regla.",
        "pt": "Nenhuma camada diz em que país fica o lugar: nenhuma regra pode ser aplicada.",
        "en": "No layer says in which country the place lies: no rule can be applied.",
    },
    "who.competent": {"es": "Competentes", "pt": "Competentes", "en": "Competent"},
    "who.present": {"es": "Deben estar presentes", "pt": "Devem estar presentes", "en": "Must be present"},
    "who.present_none": {
        "es": "Ninguna regla que se cumpla pide una presencia.",
        "pt": "Nenhuma regra cumprida exige uma presença.",
        "en": "No rule that applies asks for a presence.",
    },
    "who.support": {"es": "Apoyan", "pt": "Apoiam", "en": "Support"},
    "who.if": {
        "es": "Si la causa fuera {causes}",
        "pt": "Se a causa fosse {causes}",
        "en": "If the cause were {causes}",
    },
    "who.basis": {"es": "Base", "pt": "Base", "en": "Basis"},
    "who.article": {"es": "artículo {article}", "pt": "artigo {article}", "en": "article {article}"},
    "who.no_article": {
        "es": "artículo por comprobar",
        "pt": "artigo a verificar",
        "en": "article to be checked",
    },
    "who.no_law": {"es": "norma no encontrada", "pt": "norma não encontrada", "en": "law not found"},
    "who.dated": {"es": "publicada {day}", "pt": "publicada {day}", "en": "published {day}"},
    "who.met": {"es": "por {units}", "pt": "por {units}", "en": "by {units}"},
    "who.assumed": {
        "es": "si vive gente aquí no se evaluó; el apoyo no se deja fuera por eso",
        "pt": "se vive gente aqui não foi avaliado; o apoio não fica de fora por isso",
        "en": "whether people live here was not evaluated; support is not left out for that",
    },
    "who.doubtful": {
        "es": "No se sabe si rige: {zone} ({law}, {begins} a {ends}). {notes}",
        "pt": "Não se sabe se está em vigor: {zone} ({law}, {begins} a {ends}). {notes}",
        "en": "Whether it is in force is not known: {zone} ({law}, {begins} to {ends}). {notes}",
    },
    "who.gaps": {
        "es": "No se evaluó, y puede esconder a una autoridad: {themes}",
        "pt": "Não foi avaliado, e pode esconder uma autoridade: {themes}",
        "en": "Not evaluated, and may hide an authority: {themes}",
    },
    "who.more": {
        "es": "Reglas, base y confianza: dosel who {alert}",
        "pt": "Regras, base e confiança: dosel who {alert}",
        "en": "Rules, basis and confidence: dosel who {alert}",
    },
    "who.gap": {
        "es": "No se evaluó: {theme}. Pueden faltar por ello: {rules}",
        "pt": "Não foi avaliado: {theme}. Por isso podem faltar: {rules}",
        "en": "Not evaluated: {theme}. For that these may be missing: {rules}",
    },
    "who.zones_incomplete": {
        "es": "la tabla de zonas de emergencia no es completa",
        "pt": "a tabela de zonas de emergência não é completa",
        "en": "the table of emergency zones is not complete",
    },
    "who.review": {
        "es": "Tabla {file}, versión {version}. {review}",
        "pt": "Tabela {file}, versão {version}. {review}",
        "en": "Table {file}, version {version}. {review}",
    },
    "who.good": {
        "es": "{file}: {agencies} entidades, {rules} reglas, {zones} zonas; sin errores. {review}",
        "pt": "{file}: {agencies} entidades, {rules} regras, {zones} zonas; sem erros. {review}",
        "en": "{file}: {agencies} agencies, {rules} rules, {zones} zones; no mistakes. {review}",
    },
    "who.confidence.gazette": {
        "es": "leído en el diario oficial",
        "pt": "lido no diário oficial",
        "en": "read in the gazette",
    },
    "who.confidence.secondary": {
        "es": "de una fuente secundaria",
        "pt": "de uma fonte secundária",
        "en": "from a secondary source",
    },
    "who.confidence.jurist": {
        "es": "por comprobar por un jurista",
        "pt": "a ser verificado por um jurista",
        "en": "to be checked by a jurist",
    },
    "who.kind.enforce": {"es": "hace cumplir", "pt": "faz cumprir", "en": "enforces"},
    "who.kind.judge": {"es": "fiscalía y justicia", "pt": "promotoria e justiça", "en": "prosecutes, judges"},
    "who.kind.manage": {"es": "administra", "pt": "administra", "en": "manages"},
    "who.kind.support": {"es": "apoya a las personas", "pt": "apoia as pessoas", "en": "supports people"},
    "activity.any": {"es": "cualquiera", "pt": "qualquer uma", "en": "any"},
    "activity.mining": {"es": "minería", "pt": "mineração", "en": "mining"},
    "activity.logging": {"es": "tala", "pt": "corte de madeira", "en": "logging"},
    "activity.agriculture": {
        "es": "agricultura o pasto",
        "pt": "agricultura ou pasto",
        "en": "agriculture or pasture",
    },
    "activity.road": {"es": "camino", "pt": "estrada", "en": "road"},
    "activity.fire": {"es": "fuego", "pt": "fogo", "en": "fire"},
    "activity.airstrip": {"es": "pista de aterrizaje", "pt": "pista de pouso", "en": "airstrip"},
    "activity.coca-area": {
        "es": "área de coca (cifra de un área)",
        "pt": "área de coca (cifra de uma área)",
        "en": "coca area (a figure of an area)",
    },
    "law.theme.country": {"es": "el país", "pt": "o país", "en": "the country"},
    "law.theme.department": {"es": "departamento", "pt": "departamento", "en": "department"},
    "law.theme.province": {"es": "provincia", "pt": "província", "en": "province"},
    "law.theme.district": {"es": "distrito", "pt": "distrito", "en": "district"},
    "law.theme.border": {"es": "límite internacional", "pt": "limite internacional", "en": "land border"},
    "law.theme.frontier": {
        "es": "distrito de frontera",
        "pt": "distrito de fronteira",
        "en": "frontier district",
    },
    "law.theme.critical-frontier": {
        "es": "área crítica de frontera",
        "pt": "área crítica de fronteira",
        "en": "critical frontier area",
    },
    "law.theme.protected": {
        "es": "área natural protegida",
        "pt": "área natural protegida",
        "en": "protected area",
    },
    "law.theme.buffer": {"es": "zona de amortiguamiento", "pt": "zona de amortecimento", "en": "buffer zone"},
    "law.theme.indigenous": {
        "es": "tierra de comunidades y pueblos indígenas",
        "pt": "terra de comunidades e povos indígenas",
        "en": "land of indigenous communities and peoples",
    },
    "law.theme.isolation": {
        "es": "reserva de pueblos en aislamiento",
        "pt": "reserva de povos em isolamento",
        "en": "reserve of peoples in isolation",
    },
    "law.theme.concession-conservation": {
        "es": "concesión de conservación o ecoturismo",
        "pt": "concessão de conservação ou ecoturismo",
        "en": "conservation or ecotourism concession",
    },
    "law.theme.concession-timber": {"es": "título maderero", "pt": "título madeireiro", "en": "timber title"},
    "law.theme.mining-right": {"es": "derecho minero", "pt": "direito minerário", "en": "mining right"},
    "law.theme.mining-corridor": {
        "es": "corredor minero",
        "pt": "corredor minerário",
        "en": "mining corridor",
    },
    "law.theme.mining-scar": {"es": "huella de minería", "pt": "marca de mineração", "en": "mining scar"},
    "law.theme.river": {"es": "río", "pt": "rio", "en": "river"},
    "law.theme.basin": {"es": "cuenca", "pt": "bacia", "en": "basin"},
    "law.theme.road": {"es": "camino", "pt": "estrada", "en": "road"},
    "law.theme.settlement": {"es": "centro poblado", "pt": "povoado", "en": "settlement"},
    "law.theme.airfield": {"es": "aeródromo", "pt": "aeródromo", "en": "airfield"},
    "law.theme.airstrip": {
        "es": "pista clandestina",
        "pt": "pista clandestina",
        "en": "clandestine airstrip",
    },
    "law.theme.emergency-zone": {
        "es": "zona de emergencia",
        "pt": "zona de emergência",
        "en": "emergency zone",
    },
    "law.theme.people": {"es": "si vive gente", "pt": "se vive gente", "en": "whether people live here"},
    "law.theme.none": {"es": "ninguna unidad", "pt": "nenhuma unidade", "en": "no unit"},
    "law.theme.not-evaluated": {"es": "no evaluada", "pt": "não avaliada", "en": "not evaluated"},
}
"""By key, then by language."""
