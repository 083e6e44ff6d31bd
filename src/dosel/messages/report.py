"""What the printed report says, in Spanish, Portuguese and English."""

from __future__ import annotations

from typing import Final

# ruff: noqa: E501  # a sentence a line reads best
REPORT: Final[dict[str, dict[str, str]]] = {
    "stage.report.places": {"es": "lugares", "pt": "lugares", "en": "places"},
    "stage.report.maps": {"es": "mapas", "pt": "mapas", "en": "maps"},
    "report.title": {
        "es": "Qué mirar: {unit}",
        "pt": "O que olhar: {unit}",
        "en": "What to look at: {unit}",
    },
    "report.subtitle": {
        "es": "{centre}, al {day}; los {days} días anteriores",
        "pt": "{centre}, em {day}; os {days} dias anteriores",
        "en": "{centre}, as of {day}; the {days} days before",
    },
    "report.footer": {
        "es": "RESTRINGIDO: queda en el centro. R datos reales de la región, O reales de otra parte, S simulados.",
        "pt": "RESTRITO: fica no centro. R dados reais da região, O reais de outra parte, S simulados.",
        "en": "RESTRICTED: stays in the centre. R real data of the region, O real from elsewhere, S simulated.",
    },
    "report.person": {
        "es": "Una persona decide. Nada de lo que sigue es un veredicto: son solapes, distancias y probabilidades, con lo que no se sabe.",
        "pt": "Uma pessoa decide. Nada do que segue é um veredito: são sobreposições, distâncias e probabilidades, com o que não se sabe.",
        "en": "A person decides. Nothing below is a verdict: it is overlaps, distances and probabilities, with what is not known.",
    },
    "report.isolation": {
        "es": "Las reservas de pueblos en aislamiento no se evaluaron: la capa falta o no es completa. Nada de aquí puede salir del centro por parecer libre de ellas.",
        "pt": "As reservas de povos em isolamento não foram avaliadas: a camada falta ou não é completa. Nada daqui pode sair do centro por parecer livre delas.",
        "en": "Reserves of peoples in isolation were not evaluated: the layer is missing or not complete. Nothing here may leave the centre because it looks clear of them.",
    },
    "report.simulated": {
        "es": "Simulado: nada de esto es una observación (S).",
        "pt": "Simulado: nada disto é uma observação (S).",
        "en": "Simulated: nothing here is an observation (S).",
    },
    "report.list": {
        "es": "Los {count} lugares que mirar",
        "pt": "Os {count} lugares a olhar",
        "en": "The {count} places to look at",
    },
    "report.none": {
        "es": "Ninguna alerta en este período. Lea abajo qué no se pudo ver antes de tomarlo por calma.",
        "pt": "Nenhum alerta neste período. Leia abaixo o que não se pôde ver antes de tomar isso por calma.",
        "en": "No alert in this period. Read below what could not be seen before taking it for calm.",
    },
    "report.place": {
        "es": "{rank}. {id}: {where}",
        "pt": "{rank}. {id}: {where}",
        "en": "{rank}. {id}: {where}",
    },
    "report.where": {"es": "Dónde", "pt": "Onde", "en": "Where"},
    "report.when": {"es": "Cuándo", "pt": "Quando", "en": "When"},
    "report.between": {
        "es": "entre {start} y {end}",
        "pt": "entre {start} e {end}",
        "en": "between {start} and {end}",
    },
    "report.by": {
        "es": "a más tardar {end}; antes no se sabe",
        "pt": "no mais tardar {end}; antes não se sabe",
        "en": "by {end} at the latest; before is not known",
    },
    "report.what": {"es": "Qué", "pt": "O quê", "en": "What"},
    "report.size": {
        "es": "{ha} ha, según {source}",
        "pt": "{ha} ha, segundo {source}",
        "en": "{ha} ha, says {source}",
    },
    "report.own": {"es": "la propia vigilancia", "pt": "a própria vigilância", "en": "our own watch"},
    "report.box": {
        "es": "solo se conoce una caja alrededor: los porcentajes son de la caja",
        "pt": "só se conhece uma caixa em volta: as porcentagens são da caixa",
        "en": "only a box around it is known: shares are of the box",
    },
    "report.law": {"es": "En qué áreas", "pt": "Em que áreas", "en": "Inside"},
    "report.nothing_met": {
        "es": "ninguna de las evaluadas",
        "pt": "nenhuma das avaliadas",
        "en": "none of those evaluated",
    },
    "report.not_in_force": {
        "es": "no vigente ese día",
        "pt": "não vigente nesse dia",
        "en": "not in force on that day",
    },
    "report.more": {"es": "y {count} más", "pt": "e mais {count}", "en": "and {count} more"},
    "report.near": {"es": "Cerca", "pt": "Perto", "en": "Near"},
    "report.cause": {"es": "Causa", "pt": "Causa", "en": "Cause"},
    "report.cause_of": {
        "es": "{cause}, {share} % ({proof})",
        "pt": "{cause}, {share} % ({proof})",
        "en": "{cause}, {share} % ({proof})",
    },
    "report.cause_unknown": {"es": "no se sabe", "pt": "não se sabe", "en": "not known"},
    "report.urgency": {"es": "Por qué primero", "pt": "Por que primeiro", "en": "Why first"},
    "report.score": {
        "es": "{value:.2f} de 1 (de {low:.2f} a {high:.2f} según lo que no se sabe); {why}",
        "pt": "{value:.2f} de 1 (de {low:.2f} a {high:.2f} conforme o que não se sabe); {why}",
        "en": "{value:.2f} of 1 ({low:.2f} to {high:.2f} by what is not known); {why}",
    },
    "report.competent": {"es": "Competente", "pt": "Competente", "en": "Competent"},
    "report.by_cause": {"es": "Según la causa", "pt": "Conforme a causa", "en": "By the cause"},
    "report.present": {"es": "Debe estar", "pt": "Deve estar", "en": "Must be present"},
    "report.basis": {"es": "Base", "pt": "Base", "en": "Basis"},
    "report.gaps": {"es": "No evaluado", "pt": "Não avaliado", "en": "Not evaluated"},
    "report.not_known": {"es": "no se sabe", "pt": "não se sabe", "en": "not known"},
    "report.sealed_out": {
        "es": "Lo sellado no está en esta lista.",
        "pt": "O que está selado não está nesta lista.",
        "en": "What is sealed is not on this list.",
    },
    "report.left": {"es": "Lo que queda fuera", "pt": "O que fica de fora", "en": "What was left out"},
    "report.border": {
        "es": "A menos de {km} km de {unit}, {days} días",
        "pt": "A menos de {km} km de {unit}, {days} dias",
        "en": "Within {km} km of {unit}, {days} days",
    },
    "report.border_count": {
        "es": "{count} lugares; se listan los {shown} más recientes. Seguro: toda la caja está dentro; si no, quizá.",
        "pt": "{count} lugares; listam-se os {shown} mais recentes. Certo: toda a caixa está dentro; senão, talvez.",
        "en": "{count} places; the {shown} newest are listed. Sure: the whole box lies within; else perhaps.",
    },
    "report.border_all": {
        "es": "Todos, con incendios y pistas: {command}",
        "pt": "Todos, com incêndios e pistas: {command}",
        "en": "All of them, with fires and airstrips: {command}",
    },
    "report.undescribed": {
        "es": "{count} alertas del período no se han medido: ejecute dosel describe.",
        "pt": "{count} alertas do período não foram medidos: execute dosel describe.",
        "en": "{count} alerts of the period were not measured: run dosel describe.",
    },
    "report.sure": {"es": "seguro", "pt": "certo", "en": "sure"},
    "report.perhaps": {"es": "quizá", "pt": "talvez", "en": "perhaps"},
    "report.col.id": {"es": "id", "pt": "id", "en": "id"},
    "report.col.day": {"es": "hasta", "pt": "até", "en": "by"},
    "report.col.km": {"es": "km", "pt": "km", "en": "km"},
    "report.col.ha": {"es": "ha", "pt": "ha", "en": "ha"},
    "report.col.sure": {"es": "dentro", "pt": "dentro", "en": "within"},
    "report.col.source": {"es": "fuente", "pt": "fonte", "en": "source"},
    "report.blind": {
        "es": "Lo que no se pudo ver",
        "pt": "O que não se pôde ver",
        "en": "What could not be seen",
    },
    "report.blind_partner": {
        "es": "Las alertas de otros callan sin decir por qué: qué vieron ellos no se sabe aquí.",
        "pt": "Os alertas de outros calam sem dizer por quê: o que eles viram não se sabe aqui.",
        "en": "Alerts of others are silent without saying why: what they saw is not known here.",
    },
    "report.layers": {
        "es": "Capas en que se apoya",
        "pt": "Camadas em que se apoia",
        "en": "Layers it rests on",
    },
    "report.col.layer": {"es": "capa", "pt": "camada", "en": "layer"},
    "report.col.version": {"es": "versión", "pt": "versão", "en": "version"},
    "report.col.vintage": {"es": "de", "pt": "de", "en": "of"},
    "report.col.coverage": {"es": "cobertura", "pt": "cobertura", "en": "coverage"},
    "report.map": {
        "es": "Los lugares por su número. Límites referenciales; fechas de las capas en la última tabla.",
        "pt": "Os lugares por seu número. Limites referenciais; datas das camadas na última tabela.",
        "en": "The places by their number. Limits are referential; dates of the layers stand in the last table.",
    },
    "report.map_border": {
        "es": "Lo que está cerca de la frontera",
        "pt": "O que está perto da fronteira",
        "en": "What lies near the border",
    },
    "report.legend.alert": {
        "es": "alerta (caja o contorno)",
        "pt": "alerta (caixa ou contorno)",
        "en": "alert (box or outline)",
    },
    "report.written": {
        "es": "Informe en {path} (queda en el centro; anotado).",
        "pt": "Relatório em {path} (fica no centro; registrado).",
        "en": "Report in {path} (it stays in the centre; recorded).",
    },
}
