"""What the watch, the alerts and the status say, in Spanish, Portuguese and English."""

from __future__ import annotations

from typing import Final

WATCH: Final[dict[str, dict[str, str]]] = {
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
    "watch.empty": {
        "es": "Ninguna fuente ofrece escenas de esta área y período: revise [[source]], [area] y [monitor].",
        "pt": "Nenhuma fonte oferece cenas desta área e período: verifique [[source]], [area] e [monitor].",
        "en": "No source offers a scene over this area and period: check [[source]], [area] and [monitor].",
    },
    "sources.failed": {
        "es": "Fuentes que fallaron (nada se perdió; las demás se usaron; vuelva a ejecutar dosel watch)",
        "pt": "Fontes que falharam (nada se perdeu; as outras foram usadas; execute dosel watch de novo)",
        "en": "Sources that failed (nothing was lost; the others were used; run dosel watch again)",
    },
    "watch.plan": {
        "es": "Plan (no se ha cambiado nada):",
        "pt": "Plano (nada foi alterado):",
        "en": "Plan (nothing has been changed):",
    },
    "plan.learn": {
        "es": "Aprendería líneas base",
        "pt": "Aprenderia linhas de base",
        "en": "Would learn baselines",
    },
    "plan.history": {
        "es": "Aprendería de estas pasadas",
        "pt": "Aprenderia destas passagens",
        "en": "Would learn from these looks",
    },
    "plan.looks": {
        "es": "Usaría estas pasadas",
        "pt": "Usaria estas passagens",
        "en": "Would use these looks",
    },
    "plan.refused": {
        "es": "Rechazaría estas escenas",
        "pt": "Recusaria estas cenas",
        "en": "Would refuse these scenes",
    },
    "plan.rewind": {
        "es": "Volvería al {day} por pasadas tardías o veredictos y usaría de nuevo {count} pasadas",
        "pt": "Voltaria a {day} por passagens tardias ou vereditos e usaria de novo {count} passagens",
        "en": "Would go back to {day} for late looks or verdicts and use {count} looks again",
    },
    "plan.again": {
        "es": "Usaría de nuevo {count} pasadas que una ejecución interrumpida dejó pendientes",
        "pt": "Usaria de novo {count} passagens que uma execução interrompida deixou pendentes",
        "en": "Would use again {count} looks that a run left to do when it was stopped",
    },
    "plan.removed": {
        "es": "Borraría pasadas en malla más antiguas que retain.looks_days: {count}",
        "pt": "Apagaria passagens em grade mais antigas que retain.looks_days: {count}",
        "en": "Would remove gridded looks older than retain.looks_days: {count}",
    },
    "watch.summary": {
        "es": "Resumen de la vigilancia",
        "pt": "Resumo da vigilância",
        "en": "Summary of the watch",
    },
    "looks.used": {"es": "pasadas usadas", "pt": "passagens usadas", "en": "looks used"},
    "looks.again": {
        "es": "pasadas usadas de nuevo tras una tardía",
        "pt": "passagens usadas de novo após uma tardia",
        "en": "looks used again after a late one",
    },
    "looks.removed": {
        "es": "pasadas en malla borradas por antiguas",
        "pt": "passagens em grade apagadas por antigas",
        "en": "gridded looks removed as old",
    },
    "looks.history": {
        "es": "pasadas para la línea base",
        "pt": "passagens para a linha de base",
        "en": "looks learnt from",
    },
    "looks.refused": {"es": "pasadas rechazadas", "pt": "passagens recusadas", "en": "looks refused"},
    "scenes.refused": {"es": "escenas rechazadas", "pt": "cenas recusadas", "en": "scenes refused"},
    "pixels.updated": {"es": "píxeles actualizados", "pt": "pixels atualizados", "en": "pixels updated"},
    "refused.title": {
        "es": "No se pudo usar (lo demás se procesó; corrija y vuelva a ejecutar dosel watch)",
        "pt": "Não foi possível usar (o resto foi processado; corrija e execute dosel watch de novo)",
        "en": "Could not be used (all else was processed; mend it and run dosel watch again)",
    },
    "refused.more": {"es": "y {count} más", "pt": "e mais {count}", "en": "and {count} more"},
    "alerts.new": {"es": "alertas nuevas", "pt": "alertas novos", "en": "alerts new"},
    "alerts.grown": {"es": "alertas crecidas", "pt": "alertas que cresceram", "en": "alerts grown"},
    "alerts.confirmed": {"es": "alertas confirmadas", "pt": "alertas confirmados", "en": "alerts confirmed"},
    "alerts.withdrawn": {"es": "alertas retiradas", "pt": "alertas retirados", "en": "alerts withdrawn"},
    "alerts.superseded": {
        "es": "alertas reemplazadas por una pasada tardía",
        "pt": "alertas substituídos por uma passagem tardia",
        "en": "alerts superseded by a late look",
    },
    "verdict.done": {
        "es": "Veredicto registrado: {person} rechaza {id} ({reason}), según lo visto hasta el {day}. "
        "El próximo dosel watch retira la alerta.",
        "pt": "Veredito registrado: {person} rejeita {id} ({reason}), pelo visto até {day}. "
        "O próximo dosel watch retira o alerta.",
        "en": "Verdict recorded: {person} rejects {id} ({reason}), by what was seen until {day}. "
        "The next dosel watch withdraws the alert.",
    },
    "verdict.plan": {
        "es": "Plan (no se ha cambiado nada): {person} rechazaría {id} ({reason}), "
        "según lo visto hasta el {day}.",
        "pt": "Plano (nada foi alterado): {person} rejeitaria {id} ({reason}), pelo visto até {day}.",
        "en": "Plan (nothing has been changed): {person} would reject {id} ({reason}), "
        "by what was seen until {day}.",
    },
    "status.not_ended": {
        "es": "La ejecución {id}, iniciada {started}, no terminó: sigue en curso o se interrumpió. "
        "El próximo dosel watch continúa donde quedó.",
        "pt": "A execução {id}, iniciada {started}, não terminou: continua em curso ou foi interrompida. "
        "O próximo dosel watch continua de onde parou.",
        "en": "The run {id}, begun {started}, did not end: it is still going on or was stopped. "
        "The next dosel watch carries on where it stood.",
    },
    "watch.mended": {
        "es": "No se pudo leer el estado de {count} teselas: se rehízo desde el {day} con {again} pasadas.",
        "pt": "Não foi possível ler o estado de {count} blocos: refeito desde {day} com {again} passagens.",
        "en": "The state of {count} tiles could not be read: made again from {day} on, with {again} looks.",
    },
    "status.missing": {
        "es": "Falta el estado de {count} teselas ({tile}, ...): el próximo dosel watch lo rehace.",
        "pt": "Falta o estado de {count} blocos ({tile}, ...): o próximo dosel watch o refaz.",
        "en": "The state of {count} tiles is missing ({tile}, ...): the next dosel watch makes it again.",
    },
    "status.waiting": {
        "es": "{count} pasadas esperan ser usadas de nuevo tras una pasada tardía: ejecute dosel watch.",
        "pt": "{count} passagens esperam ser usadas de novo após uma passagem tardia: execute dosel watch.",
        "en": "{count} looks wait to be used again after a late look: run dosel watch.",
    },
    "status.idle": {
        "es": "Veredicto sin alerta a la que aplicarse (reemplazada, fusionada o terminada): "
        "{id}, {person}, {day}: {reason}",
        "pt": "Veredito sem alerta a que se aplicar (substituído, fundido ou terminado): "
        "{id}, {person}, {day}: {reason}",
        "en": "Verdict without an alert to apply to (superseded, merged or ended): "
        "{id}, {person}, {day}: {reason}",
    },
    "seconds": {"es": "segundos", "pt": "segundos", "en": "seconds"},
    "stage.search": {"es": "buscar", "pt": "buscar", "en": "search"},
    "stage.read": {"es": "leer", "pt": "ler", "en": "read"},
    "stage.learn": {"es": "aprender", "pt": "aprender", "en": "learn"},
    "stage.calibrate": {"es": "calibrar", "pt": "calibrar", "en": "calibrate"},
    "stage.describe": {"es": "describir", "pt": "descrever", "en": "describe"},
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
    "alerts.open": {"es": "abierto", "pt": "aberto", "en": "open"},
    "table.narrow": {
        "es": "Sin lugar en esta terminal: {columns}. Una más ancha, o un archivo, lo muestra todo.",
        "pt": "Sem espaço neste terminal: {columns}. Um mais largo, ou um arquivo, mostra tudo.",
        "en": "No room on this terminal: {columns}. A wider one, or a file, shows all.",
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
    "recompute.from": {
        "es": "tesela {tile}: desde su estado del {day}; las pasadas anteriores ya no se conservan",
        "pt": "bloco {tile}: a partir de seu estado de {day}; as passagens anteriores já não são mantidas",
        "en": "tile {tile}: from its state of {day}; the looks before it are no longer kept",
    },
    "recompute.base": {
        "es": "el estado del {day} de la tesela {tile} no es el que se conservó",
        "pt": "o estado de {day} do bloco {tile} não é o que foi guardado",
        "en": "the state of {day} of tile {tile} is not the one that was kept",
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
    "recompute.row": {
        "es": "pasada {look}, {stream} (píxeles, residuo medio): guardado {stored}, recalculado {computed}",
        "pt": "passagem {look}, {stream} (pixels, resíduo médio): guardado {stored}, recalculado {computed}",
        "en": "look {look}, {stream} (pixels, mean residual): stored {stored}, computed {computed}",
    },
    "recompute.state": {
        "es": "estado de la tesela {tile}: {plane} difiere en {pixels} píxeles de la alerta",
        "pt": "estado do bloco {tile}: {plane} difere em {pixels} pixels do alerta",
        "en": "state of tile {tile}: {plane} differs in {pixels} pixels of the alert",
    },
    "status.title": {"es": "Qué se ha visto", "pt": "O que foi visto", "en": "What has been seen"},
    "status.by_tile": {"es": "Por serie y tesela", "pt": "Por série e bloco", "en": "By stream and tile"},
    "status.rate": {
        "es": "Alertas de estado {kind}: {rate} ha falsas por millón de ha y año en bosque estable, "
        "{upper} como mucho (95 %); presupuesto de todas las alertas: {budget:g}.",
        "pt": "Alertas em estado {kind}: {rate} ha falsos por milhão de ha e ano em floresta estável, "
        "{upper} no máximo (95 %); orçamento de todos os alertas: {budget:g}.",
        "en": "Alerts that are {kind}: {rate} false ha per million ha and year in stable forest, "
        "{upper} at most (95 %); budget of all alerts: {budget:g}.",
    },
    "status.rate_unknown": {
        "es": "Alertas de estado {kind}: tasa de falsas alarmas no medida (hay muy poca historia estable); "
        "presupuesto: {budget:g}.",
        "pt": "Alertas em estado {kind}: taxa de alarmes falsos não medida (há pouca história estável); "
        "orçamento: {budget:g}.",
        "en": "Alerts that are {kind}: false-alarm rate not measured (too little stable history); "
        "budget: {budget:g}.",
    },
    "status.rate_by_hand": {
        "es": "Umbrales puestos a mano en [alerts]: su tasa de falsas alarmas no está medida.",
        "pt": "Limiares postos à mão em [alerts]: sua taxa de alarmes falsos não está medida.",
        "en": "Thresholds set by hand in [alerts]: their false-alarm rate is not measured.",
    },
    "status.left_out": {
        "es": "De la muestra se dejaron fuera {ha} ha que cambiaron antes de la vigilancia y siguen así: "
        "cambio pasado, no falsas alarmas. Las alertas comparadas con el bosque vecino no están medidas.",
        "pt": "Da amostra ficaram fora {ha} ha que mudaram antes da vigilância e continuam assim: "
        "mudança passada, não alarmes falsos. Alertas comparados com a floresta vizinha não estão medidos.",
        "en": "Left out of the sample: {ha} ha that changed before the watch and stayed so: change of the "
        "past, no false alarms. Alerts that are compared with the forest around are not measured.",
    },
    "status.silence": {
        "es": "A fecha {day}: una tala de 1 ha hecha hace 24 días ya se habría encontrado (80 %) "
        "en el {found} % de lo vigilado; el {unseen} % no se ve de verdad desde hace más de 24 días.",
        "pt": "Em {day}: um corte de 1 ha feito há 24 dias já teria sido encontrado (80 %) "
        "em {found} % do vigiado; {unseen} % não é visto de verdade há mais de 24 dias.",
        "en": "As of {day}: a clearing of 1 ha made 24 days ago would by now have been found (80 %) "
        "on {found} % of what is watched; {unseen} % has not truly been seen for more than 24 days.",
    },
    "status.at_rest": {
        "es": "No se vigilan {ha} ha de alertas cerradas: un cambio nuevo dentro de ellas no da alerta.",
        "pt": "Não se vigiam {ha} ha de alertas encerrados: uma mudança nova dentro deles não dá alerta.",
        "en": "{ha} ha of closed alerts are not watched: a new change inside them gives no alert.",
    },
    "status.stale": {
        "es": "ATRASADO: {days} días sin pasada; lo normal son {usual}",
        "pt": "ATRASADO: {days} dias sem passagem; o normal são {usual}",
        "en": "STALE: no look for {days} days; {usual} are usual",
    },
    "status.fresh": {"es": "al día", "pt": "em dia", "en": "up to date"},
    "status.never": {"es": "nunca visto", "pt": "nunca visto", "en": "never seen"},
    "status.unused": {
        "es": "visto, pero ninguna fuente de la configuración lo trae ya",
        "pt": "visto, mas nenhuma fonte da configuração o traz mais",
        "en": "seen, but no source of the settings brings it any more",
    },
    "status.meaning": {
        "es": "{stale} de {all} combinaciones de serie y tesela no están al día. Lo que haya cambiado allí "
        "desde la última pasada no se ha visto: sin alertas no significa bosque intacto.\n"
        "Qué hacer: ejecute dosel watch; si sigue igual, dosel doctor --live dice si la fuente responde.",
        "pt": "{stale} de {all} combinações de série e bloco não estão em dia. O que mudou ali desde a "
        "última passagem não foi visto: sem alertas não significa floresta intacta.\n"
        "O que fazer: execute dosel watch; se continuar igual, dosel doctor --live diz se a fonte responde.",
        "en": "{stale} of {all} pairs of stream and tile are not up to date. What has changed there since "
        "the last look has not been seen: no alerts does not mean intact forest.\n"
        "What to do: run dosel watch; if it stays so, dosel doctor --live says whether the source answers.",
    },
    "status.all_fresh": {
        "es": "Todo está al día.",
        "pt": "Tudo está em dia.",
        "en": "Everything is up to date.",
    },
    "status.no_source": {
        "es": "No hay fuentes: añada una [[source]] a dosel.toml.",
        "pt": "Não há fontes: acrescente uma [[source]] a dosel.toml.",
        "en": "There is no source: add a [[source]] to dosel.toml.",
    },
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
    "col.hectares": {"es": "ha", "pt": "ha", "en": "ha"},
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
    "refusal.UNREADABLE": {
        "es": "no se puede leer el ráster",
        "pt": "o raster não pode ser lido",
        "en": "the raster cannot be read",
    },
    "refusal.TRUNCATED": {
        "es": "el archivo es más corto de lo que declara",
        "pt": "o arquivo é mais curto do que declara",
        "en": "the file is shorter than it says",
    },
    "refusal.WRONG_GRID": {
        "es": "el sistema de coordenadas contradice el declarado",
        "pt": "o sistema de coordenadas contradiz o declarado",
        "en": "the coordinate system contradicts the declared one",
    },
    "refusal.MISSING_BAND": {
        "es": "falta una banda que el sensor necesita",
        "pt": "falta uma banda de que o sensor precisa",
        "en": "a band that the sensor needs is missing",
    },
    "refusal.ALL_NODATA": {
        "es": "ningún píxel válido en el área vigilada",
        "pt": "nenhum pixel válido na área vigiada",
        "en": "no valid pixel over the watched area",
    },
    "refusal.ABSURD": {
        "es": "valores fuera del rango físico del sensor",
        "pt": "valores fora da faixa física do sensor",
        "en": "values outside the physical range of the sensor",
    },
    "refusal.FUTURE": {
        "es": "adquirida después del presente",
        "pt": "adquirida depois do presente",
        "en": "acquired after the present",
    },
    "refusal.DUPLICATE": {
        "es": "otra escena tiene el mismo id y otro contenido",
        "pt": "outra cena tem o mesmo id e outro conteúdo",
        "en": "another scene has the same id and different content",
    },
    "refusal.TOO_LATE": {
        "es": "llegó demasiado tarde para ser usada",
        "pt": "chegou tarde demais para ser usada",
        "en": "it came too late to be used",
    },
    "refusal.REPEATED": {
        "es": "esta pasada ya se usó",
        "pt": "esta passagem já foi usada",
        "en": "this look has already been used",
    },
    "refusal.RAW_RADAR": {
        "es": "radar sin corregir; use un producto gamma0 RTC",
        "pt": "radar não corrigido; use um produto gamma0 RTC",
        "en": "radar that is not analysis-ready; use a gamma0 RTC product",
    },
    "refusal.NO_LICENCE": {
        "es": "licencia u origen desconocidos",
        "pt": "licença ou origem desconhecida",
        "en": "licence or origin unknown",
    },
    "refusal.UNDECLARED": {
        "es": "falta declarar fecha, CRS, nodata o unidad",
        "pt": "falta declarar data, CRS, nodata ou unidade",
        "en": "date, CRS, nodata or unit missing and not declared",
    },
    "refusal.NO_BASELINE": {
        "es": "su serie no tiene aquí línea base ni de dónde aprenderla",
        "pt": "sua série não tem aqui linha de base nem de onde aprendê-la",
        "en": "its stream has no baseline here and none can be learnt",
    },
    "refusal.OFFSET": {
        "es": "muy pocos píxeles despejados para comparar la pasada",
        "pt": "muito poucos pixels limpos para comparar a passagem",
        "en": "too few clear pixels to compare the pass",
    },
    "refusal.LATE_HISTORY": {
        "es": "anterior a la línea base, que ya se aprendió sin ella",
        "pt": "anterior à linha de base, que já foi aprendida sem ela",
        "en": "older than the baseline, which was learnt without it",
    },
    "refusal.ISOLATED": {
        "es": "fechada mucho después de todas las demás; revise la fecha y el reloj",
        "pt": "datada muito depois de todas as outras; verifique a data e o relógio",
        "en": "dated long after every other look; check the date and the clock",
    },
    "alert.PROVISIONAL": {"es": "provisional", "pt": "provisório", "en": "provisional"},
    "alert.CONFIRMED": {"es": "confirmada", "pt": "confirmado", "en": "confirmed"},
    "alert.WITHDRAWN": {"es": "retirada", "pt": "retirado", "en": "withdrawn"},
    "alert.MERGED": {"es": "fusionada", "pt": "fundido", "en": "merged"},
    "alert.REPORTED": {"es": "de otra fuente", "pt": "de outra fonte", "en": "reported"},
    "alert.CLOSED": {"es": "cerrada", "pt": "encerrado", "en": "closed"},
    "baseline.history": {"es": "su historia", "pt": "seu histórico", "en": "its history"},
    "baseline.surroundings": {
        "es": "el bosque vecino",
        "pt": "a floresta vizinha",
        "en": "the forest around",
    },
}
