"""What is said of what comes first, and why; part of :data:`dosel.messages.CATALOGUE`."""

from __future__ import annotations

from typing import Final

# ruff: noqa: E501  # a sentence a line reads best

PRIORITY: Final[dict[str, dict[str, str]]] = {
    "priority.term.certainty": {"es": "certeza", "pt": "certeza", "en": "certainty"},
    "priority.term.size": {
        "es": "tamaño y crecimiento",
        "pt": "tamanho e crescimento",
        "en": "size and growth",
    },
    "priority.term.legal": {"es": "situación legal", "pt": "situação legal", "en": "legal setting"},
    "priority.term.people": {
        "es": "gente y agua en riesgo",
        "pt": "pessoas e água em risco",
        "en": "people and water at risk",
    },
    "priority.term.convergence": {"es": "convergencia", "pt": "convergência", "en": "convergence"},
    "priority.term.newness": {"es": "novedad", "pt": "novidade", "en": "newness"},
    "priority.term.prevention": {
        "es": "lo que se evitaría actuando ya",
        "pt": "o que se evitaria agindo já",
        "en": "what acting now would prevent",
    },
    "priority.not_evaluated": {"es": "no evaluado", "pt": "não avaliado", "en": "not evaluated"},
    "priority.certainty": {
        "es": "certeza {value:.2f} (evidencia propia y otras fuentes)",
        "pt": "certeza {value:.2f} (evidência própria e outras fontes)",
        "en": "certainty {value:.2f} (own evidence and other sources)",
    },
    "priority.own_confirmed": {
        "es": "confirmada por nuestra vigilancia",
        "pt": "confirmado por nossa vigilância",
        "en": "confirmed by our watch",
    },
    "priority.own_evidence": {
        "es": "nuestra evidencia es el {share:.0f} % de la que confirma",
        "pt": "nossa evidência é {share:.0f} % da que confirma",
        "en": "our evidence is {share:.0f} % of what confirms",
    },
    "priority.sources": {
        "es": "fuentes de otros que la informan: {count}",
        "pt": "fontes de outros que o relatam: {count}",
        "en": "sources of others that report it: {count}",
    },
    "priority.size": {"es": "{ha:.1f} ha", "pt": "{ha:.1f} ha", "en": "{ha:.1f} ha"},
    "priority.growth": {"es": "creció {ha:.1f} ha", "pt": "cresceu {ha:.1f} ha", "en": "grew by {ha:.1f} ha"},
    "priority.growth_unknown": {
        "es": "crecimiento no evaluado",
        "pt": "crescimento não avaliado",
        "en": "growth not evaluated",
    },
    "priority.legal": {
        "es": "{share:.0f} % en {theme}",
        "pt": "{share:.0f} % em {theme}",
        "en": "{share:.0f} % in {theme}",
    },
    "priority.legal_box": {
        "es": "{share:.0f} % de su recuadro en {theme}",
        "pt": "{share:.0f} % de sua caixa em {theme}",
        "en": "{share:.0f} % of its box in {theme}",
    },
    "priority.legal_none": {
        "es": "fuera de toda unidad evaluada",
        "pt": "fora de toda unidade avaliada",
        "en": "outside every unit that was evaluated",
    },
    "priority.legal_unknown": {
        "es": "no evaluado: {theme}",
        "pt": "não avaliado: {theme}",
        "en": "not evaluated: {theme}",
    },
    "priority.nearer_unknown": {
        "es": "si hay uno más cerca no se evaluó",
        "pt": "se há um mais perto não foi avaliado",
        "en": "whether one is nearer was not evaluated",
    },
    "priority.settlement": {
        "es": "centro poblado a {km:.1f} km",
        "pt": "povoado a {km:.1f} km",
        "en": "settlement {km:.1f} km away",
    },
    "priority.settlement_none": {
        "es": "ningún centro poblado cerca",
        "pt": "nenhum povoado perto",
        "en": "no settlement near",
    },
    "priority.settlement_unknown": {
        "es": "centros poblados: no evaluado",
        "pt": "povoados: não avaliado",
        "en": "settlements: not evaluated",
    },
    "priority.river": {"es": "río a {km:.1f} km", "pt": "rio a {km:.1f} km", "en": "river {km:.1f} km away"},
    "priority.river_none": {"es": "ningún río cerca", "pt": "nenhum rio perto", "en": "no river near"},
    "priority.river_unknown": {
        "es": "ríos: no evaluado",
        "pt": "rios: não avaliado",
        "en": "rivers: not evaluated",
    },
    "priority.convergence": {
        "es": "otras actividades en el mismo lugar y tiempo: {count}",
        "pt": "outras atividades no mesmo lugar e tempo: {count}",
        "en": "other activities in the same place and time: {count}",
    },
    "priority.newness": {
        "es": "hace {days:.0f} días",
        "pt": "há {days:.0f} dias",
        "en": "{days:.0f} days ago",
    },
    "priority.prevention": {
        "es": "a este ritmo, {ha:.1f} ha más en {days:.0f} días",
        "pt": "neste ritmo, mais {ha:.1f} ha em {days:.0f} dias",
        "en": "at this pace {ha:.1f} ha more in {days:.0f} days",
    },
    "triage.title": {
        "es": "Lista de trabajo hasta el {day} ({days} días, {unit})",
        "pt": "Lista de trabalho até {day} ({days} dias, {unit})",
        "en": "Work list up to {day} ({days} days, {unit})",
    },
    "triage.everywhere": {"es": "toda el área", "pt": "toda a área", "en": "the whole area"},
    "triage.reviews": {"es": "Para revisar", "pt": "Para revisar", "en": "To review"},
    "triage.missions": {
        "es": "Para misión (confirmadas por una persona)",
        "pt": "Para missão (confirmados por uma pessoa)",
        "en": "For a mission (confirmed by a person)",
    },
    "triage.none": {"es": "ninguna", "pt": "nenhum", "en": "none"},
    "triage.line": {
        "es": "{rank}. {id}  {value:.2f} (entre {low:.2f} y {high:.2f})  {why}",
        "pt": "{rank}. {id}  {value:.2f} (entre {low:.2f} e {high:.2f})  {why}",
        "en": "{rank}. {id}  {value:.2f} (between {low:.2f} and {high:.2f})  {why}",
    },
    "triage.members": {
        "es": "con ella, del mismo incidente: {count}",
        "pt": "com ele, do mesmo incidente: {count}",
        "en": "with it, of the same incident: {count}",
    },
    "triage.why.score": {"es": "por puntaje", "pt": "por pontuação", "en": "by score"},
    "triage.why.tenure": {
        "es": "cuota justa: su tenencia quedaba fuera ({tenure})",
        "pt": "cota justa: sua posse ficava de fora ({tenure})",
        "en": "fair share: its tenure was left out ({tenure})",
    },
    "triage.why.area": {
        "es": "cuota justa: su lugar quedaba fuera ({area})",
        "pt": "cota justa: seu lugar ficava de fora ({area})",
        "en": "fair share: its area was left out ({area})",
    },
    "triage.why.audit": {
        "es": "muestra al azar para auditar",
        "pt": "amostra ao acaso para auditoria",
        "en": "random sample for the audit",
    },
    "triage.place": {
        "es": "hasta {day}, {ha} ha, {source}; {where}; lat {lat}, lon {lon}",
        "pt": "até {day}, {ha} ha, {source}; {where}; lat {lat}, lon {lon}",
        "en": "by {day}, {ha} ha, {source}; {where}; lat {lat}, lon {lon}",
    },
    "triage.by_cause": {
        "es": "Según la causa, que no se sabe bien, también: {names}",
        "pt": "Conforme a causa, que não se sabe bem, também: {names}",
        "en": "By the cause, which is not well known, also: {names}",
    },
    "triage.layers": {
        "es": "Capas y versiones: {layers}",
        "pt": "Camadas e versões: {layers}",
        "en": "Layers and versions: {layers}",
    },
    "triage.proof": {
        "es": "Prueba: alertas de otros, R (reales, no comprobadas aquí); nuestra vigilancia, {own}; causa, la letra junto a ella. R real de la región, O real de otra parte, S simulado.",
        "pt": "Prova: alertas de outros, R (reais, não conferidos aqui); nossa vigilância, {own}; causa, a letra junto a ela. R real da região, O real de outra parte, S simulado.",
        "en": "Proof: alerts of others, R (real, not checked here); our own watch, {own}; cause, the letter beside it. R real of the region, O real from elsewhere, S simulated.",
    },
    "triage.proof_unknown": {"es": "no declarada", "pt": "não declarada", "en": "not stated"},
    "triage.next": {
        "es": "Siga con: dosel explain {id} (qué se sabe y con qué capas), dosel who {id} (normas y apoyo). Una persona decide.",
        "pt": "Siga com: dosel explain {id} (o que se sabe e com que camadas), dosel who {id} (normas e apoio). Uma pessoa decide.",
        "en": "Go on with: dosel explain {id} (what is known and by which layers), dosel who {id} (rules and support). A person decides.",
    },
    "triage.left": {"es": "Quedan fuera: {count}", "pt": "Ficam de fora: {count}", "en": "Left out: {count}"},
    "triage.left.below": {
        "es": "bajo la línea, la mesa no alcanza: {count} (la primera, {id}, con {value:.2f})",
        "pt": "abaixo da linha, a mesa não alcança: {count} (o primeiro, {id}, com {value:.2f})",
        "en": "below the line, the desk can do no more: {count} (the first, {id}, with {value:.2f})",
    },
    "triage.left.same-incident": {
        "es": "otra de su incidente la representa: {count} (la primera, {id}, con {value:.2f})",
        "pt": "outro de seu incidente o representa: {count} (o primeiro, {id}, com {value:.2f})",
        "en": "another of its incident stands for it: {count} (the first, {id}, with {value:.2f})",
    },
    "triage.left.stock": {
        "es": "fechadas solo en un período más largo (existencias, no novedad; un --days mayor las muestra): {count} (la primera, {id}, con {value:.2f})",
        "pt": "datados só num período mais longo (estoque, não novidade; um --days maior os mostra): {count} (o primeiro, {id}, com {value:.2f})",
        "en": "dated only to a longer period (a stock, not news; a larger --days shows them): {count} (the first, {id}, with {value:.2f})",
    },
    "triage.left.rejected": {
        "es": "rechazadas por una persona: {count} (la primera, {id}, con {value:.2f})",
        "pt": "rejeitados por uma pessoa: {count} (o primeiro, {id}, com {value:.2f})",
        "en": "rejected by a person: {count} (the first, {id}, with {value:.2f})",
    },
    "triage.undescribed": {
        "es": "Sin medir todavía, de todo el centro: {count}; no están en ninguna unidad. Ejecute dosel describe",
        "pt": "Ainda sem medir, de todo o centro: {count}; não estão em nenhuma unidade. Execute dosel describe",
        "en": "Not measured yet, of the whole centre: {count}; no unit holds them. Run dosel describe",
    },
    "triage.term": {
        "es": "{name} {value} × {weight:g}: {why}",
        "pt": "{name} {value} × {weight:g}: {why}",
        "en": "{name} {value} × {weight:g}: {why}",
    },
    "triage.rates": {
        "es": "Revisión y error por tenencia de la tierra",
        "pt": "Revisão e erro por posse da terra",
        "en": "Reviews and errors by land tenure",
    },
    "triage.rate": {
        "es": "{tenure}: {alerts} alertas, {reviewed} revisadas ({share:.0f} %), error {error}",
        "pt": "{tenure}: {alerts} alertas, {reviewed} revisados ({share:.0f} %), erro {error}",
        "en": "{tenure}: {alerts} alerts, {reviewed} reviewed ({share:.0f} %), error {error}",
    },
    "triage.error": {
        "es": "{rate:.0f} % (95 %: {low:.0f} a {high:.0f})",
        "pt": "{rate:.0f} % (95 %: {low:.0f} a {high:.0f})",
        "en": "{rate:.0f} % (95 %: {low:.0f} to {high:.0f})",
    },
    "triage.not_measured": {"es": "no medido", "pt": "não medido", "en": "not measured"},
}
"""By key, then by language."""
