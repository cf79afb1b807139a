### Personen und Anmeldungen in der Verwaltung.

sign-ins-turned-away = in den letzten 24 Stunden abgelehnt oder fehlgeschlagen.
console = Verwaltung der Abstimmungen
sign-ins = Anmeldungen
column-when = Wann
column-who = Wer
reason = Grund
can-be-undone = Lässt es sich rückgängig machen
who-is-affected = Wen es betrifft
what-happens = Was geschieht
search-people = Namen, E-Mail und Subject durchsuchen
claims-kept = Aufbewahrt werden nur die Namen der Claims, nie ihr Inhalt. Von einer gelungenen Anmeldung bleibt nur der Tag: Eine genaue Zeit neben einer geheimen Stimme könnte jemanden verraten.
provider = Anmeldedienst
subject = Subject
in-the-log = Im Log des Servers
request = Anfrage
email-column = E-Mail
sign-ins-hint = Was bei jeder Anmeldung der letzten 90 Tage geschah. Eine abgelehnte oder fehlgeschlagene öffnet sich mit ihrer wahrscheinlichen Ursache.
deactivate-hint = Deaktivieren Sie Personen, die sich hier nicht anmelden sollen, was immer der Anmeldedienst sagt. Ihre Stimmzettel bleiben.
deactivated-here = Hier deaktiviert: Wer sich anmeldet, kommt auf eine Seite, die das sagt.
where-they-are-signed-in = Wo die Person angemeldet ist
nowhere = Im Moment nirgendwo.
end-all-sessions = Alle Sitzungen beenden
activate-again = Wieder aktivieren
first-sign-in = Erste Anmeldung
last-sign-in = Letzte Anmeldung
may-sign-in = Darf sich anmelden
issuer = Issuer
people-hint = Alle, die sich mit einer Rolle angemeldet haben. Namen und Rollen verwaltet Ihr Anmeldedienst: Die nächste Anmeldung bringt, was dort steht.
end-everybodys-sessions = Alle Sitzungen beenden
sign-in-of = Anmeldung von { $name }
likely-cause = <strong>Wahrscheinliche Ursache:</strong>
outcome = Ausgang
no-deactivated-at = Nein, deaktiviert am { $time }
no-role-since = Nein, ohne Rolle beim Anmeldedienst seit { $time }
role-managed = { $role }, verwaltet beim Anmeldedienst, zuletzt bestätigt am { $time }.
role-managed-from = { $role }, verwaltet beim Anmeldedienst, zuletzt bestätigt am { $time } aus <code>{ $source }</code>.
role-change-counts = Eine Änderung dort gilt hier ab der nächsten Bestätigung.
access = Zugang
deactivate = Deaktivieren
deactivate-question = { $name } deaktivieren?
activate-question = { $name } aktivieren?
deactivate-person = Diese Person deaktivieren
activate-person = Diese Person aktivieren
deactivate-what = Alle Sitzungen enden sofort. Wer sich wieder anmeldet, kommt auf eine Seite, die sagt, dass das Konto hier deaktiviert wurde. Abgegebene Stimmzettel bleiben und werden gezählt; die Rolle beim Anmeldedienst bleibt, wie sie ist.
activate-what = Anmelden ist wieder möglich, mit der Rolle, die der Anmeldedienst dann gibt.
deactivate-undo = Ja, aktivieren Sie die Person wieder. Beendete Sitzungen bleiben beendet.
activate-undo = Ja, deaktivieren Sie die Person wieder.
deactivate-whom = { $sessions ->
    [0] { $name }, im Moment nicht angemeldet.
    [1] { $name }, im Moment mit 1 Sitzung.
   *[other] { $name }, im Moment mit { $sessions } Sitzungen.
}
end-everybody-question = Alle Sitzungen beenden?
end-everybody-what = Alle sind ab ihrer nächsten Anfrage abgemeldet; Ihre Sitzung in diesem Browser bleibt. Wer etwas gewählt und noch nicht gesendet hat, muss noch einmal wählen.
end-everybody-whom = { $sessions ->
    [1] Niemanden: Ihre Sitzung ist im Moment die einzige.
   *[other] { $people ->
        [1] Im Moment { $sessions } Sitzungen, alle Ihre eigenen.
       *[other] Im Moment { $sessions } Sitzungen von { $people } Personen, Sie eingeschlossen.
    }
}
end-everybody-undo = Nein, aber alle können sich sofort wieder anmelden.
is-deactivated = { $name } ist jetzt deaktiviert.
is-active = { $name } ist jetzt aktiv.
is-deactivated-already = { $name } ist schon deaktiviert. Es wurde nichts geändert.
is-active-already = { $name } ist schon aktiv. Es wurde nichts geändert.
not-oneself = Sie können sich nicht selbst deaktivieren: Sie könnten es nicht rückgängig machen. Jemand anderes aus der Administration kann es.
is-last-admin = { $name } ist die letzte aktive Person der Administration und bleibt aktiv. Geben Sie zuerst jemand anderem beim Anmeldedienst die Rolle admin, und lassen Sie diese Person sich anmelden.
no-such-person = Diese Person gibt es nicht.
sessions-ended = { $count ->
    [0] Es gab keine Sitzung zu beenden.
    [1] 1 Sitzung ist beendet.
   *[other] { $count } Sitzungen sind beendet.
}
outcome-ok = Angemeldet
outcome-refused = Abgelehnt
outcome-failed = Fehlgeschlagen
claims-in-id-token = Claims im ID-Token
claims-in-userinfo = Claims in der UserInfo-Antwort
unmapped-roles = Rollen, die hier nichts bedeuten
cause-id-token = Das ID-Token hat seine Prüfungen nicht bestanden. Vergleichen Sie Issuer und Client-ID mit der Registrierung beim Anmeldedienst und die Uhren beider Server.
cause-role-claim-missing = Der Anmeldedienst hat keinen Rollen-Claim gesendet. Wenn alle abgelehnt werden: Schalten Sie in ZITADEL beim Projekt „Assert Roles on Authentication“ ein, oder lassen Sie diese Website den Rollen-Scope anfordern. Wenn es nur dieses Konto ist: Geben Sie ihm eine Rolle des Projekts.
cause-role-other-project = Der Anmeldedienst hat Rollen eines anderen Projekts gesendet: ZITADEL_PROJECT passt nicht.
cause-role-claim-empty = Der Rollen-Claim kam ohne eine Rolle darin. Geben Sie diesem Konto eine Rolle des Projekts.
cause-role-unmapped = Das Konto hat Rollen, und keine davon bedeutet hier etwas. Geben Sie ihm admin, staff oder user, oder ändern Sie, welche Namen gelten.
cause-deactivated = Die Administration hat diese Person hier deaktiviert.
cause-not-known = Die Person war noch nie hier, und OIDC_CREATE_USER lässt niemand Neues ein.
cause-email-not-verified = Der Anmeldedienst hat die E-Mail-Adresse nicht bestätigt, und OIDC_REQUIRE_VERIFIED_EMAIL verlangt das.
cause-access-denied = Die Person hat abgelehnt, oder eine Regel des Anmeldedienstes hält dieses Konto fern.
cause-invalid-client = Der Anmeldedienst nimmt diese Website nicht an: Die Client-ID oder das Client-Secret ist falsch.
cause-unauthorized-client = Der Anmeldedienst lässt diesen Client den Authorization Code Flow nicht benutzen. Erlauben Sie ihn in der Registrierung des Clients.
cause-invalid-scope = Der Anmeldedienst bietet einen der angeforderten Scopes nicht an. Nehmen Sie ihn aus OIDC_RP_SCOPES.
cause-unsupported-response-type = Der Anmeldedienst bietet diesem Client den Authorization Code Flow nicht an. Erlauben Sie ihn in der Registrierung des Clients.
cause-invalid-request = Der Anmeldedienst hat die Anfrage nicht verstanden. In seinem eigenen Log steht, was ihm fehlte.
cause-invalid-grant = Der Code wurde schon benutzt, ist abgelaufen oder gehört einem anderen Client. Wenn es oft geschieht: Sendet ein Proxy Anfragen doppelt, und stimmen die Uhren überein?
cause-issuer-mismatch = Die Antwort kam von einem anderen Anmeldedienst als dem, der gefragt wurde. Vielleicht vermischt jemand zwei Anmeldedienste, oder der Issuer hat sich geändert.
cause-userinfo-invalid = Die UserInfo-Antwort wurde verweigert oder betraf jemand anderen.
cause-state-other-browser = Der Browser hat das Cookie der Anmeldung nicht behalten, oder die Adresse wurde in einem anderen Browser geöffnet. Wenn es oft geschieht: Ist ROLECALL_BASE_URL die Adresse, die benutzt wird?
cause-state-expired = Die Person war mehr als zehn Minuten beim Anmeldedienst.
cause-state-used = Die Person ist zurückgegangen oder hat dieselbe Seite zweimal geöffnet.
cause-state-sealed = Die Schlüsseldatei dieses Servers ist nicht die, mit der die Anmeldung begann. Alle Server brauchen dieselbe Schlüsseldatei.
cause-provider-unreachable = Der Anmeldedienst hat nicht rechtzeitig geantwortet. Das Log nennt die Einzelheiten.
bulk-done = { $count ->
    [0] Keine Abstimmung wurde
    [1] 1 Abstimmung wurde
   *[other] { $count } Abstimmungen wurden
} { $step ->
    [open] geöffnet
    [close] beendet
    [release] freigegeben
    [reopen] wieder geöffnet
    [restore] wiederhergestellt
    [delete] gelöscht
   *[archive] archiviert
}.
bulk-skipped = { $count ->
    [1] 1 blieb, wie sie ist: Jemand anderes war schneller, oder der Grund fehlt.
   *[other] { $count } blieben, wie sie sind: Jemand anderes war schneller, oder der Grund fehlt.
}
audit = Protokoll
merge = Zusammenführen
erase-question = { $name } löschen?
erase-whom = { $count ->
    [0] { $name }.
    [1] { $name }, mit einer Stimme in 1 Abstimmung.
   *[other] { $name }, mit Stimmen in { $count } Abstimmungen.
} Geheime Abstimmungen kommen nach ihrem Ende hinzu.
erase-undo = Nein. Wenn Sie die Person wieder aktivieren, bringt die nächste Anmeldung, was der Anmeldedienst sagt.
erase-person = Diese Person löschen
is-erased = Die Person wurde gelöscht. Ihre Stimmzettel werden weiter gezählt.
nothing-to-erase = Es ist nichts mehr zu löschen. Es wurde nichts geändert.
not-erase-oneself = Sie können sich nicht selbst löschen. Jemand anderes aus der Administration kann es.
last-admin-not-erased = { $name } ist die letzte aktive Person der Administration und wurde nicht gelöscht.
erase-what = Namen, E-Mail-Adresse und Bild verschwinden für immer, und „Former user“ tritt an ihre Stelle; ihre Anmeldungen werden vergessen, alle Sitzungen enden, und Anmelden wird abgelehnt. Ihre Stimmzettel bleiben und werden gezählt. Ihr Schlüssel beim Anmeldedienst bleibt, damit niemand zweimal abstimmt, und das Protokoll der Änderungen behält den Namen von damals.

## Personen, ihre Token und Identitäten

person = Person
active = Aktiv
no-merged = Nein, zusammengeführt
no-erased = Nein, gelöscht
no-deactivated = Nein, deaktiviert
no-without-role = Nein, ohne Rolle
no-identity-given = Nein, die Identität gehört jetzt <a href="{ $href }">jemand anderem</a>
who-is-signed-in = Wer angemeldet ist
sessions-hint = Wer im Moment angemeldet ist, und in welchem Browser. Wird eine Sitzung beendet, ist ihr Browser ab der nächsten Anfrage abgemeldet.
tokens-of-person = Token für Programme
tokens-of-person-none = Keine.
token-may = So viel wie
end-all-tokens = Alle Token beenden
tokens-ended = { $count ->
    [0] Es gab keinen Token zu beenden.
    [1] 1 Token ist beendet.
   *[other] { $count } Token sind beendet.
}
identity = Identität
identity-hint = Steht die Person doppelt da, oder soll sie vergessen werden? Stimmen und Zählungen bleiben in beiden Fällen.
merge-with-another = Mit anderer Identität zusammenführen
erase = Löschen
merge-title = { $name } mit anderer Identität zusammenführen
merge-why = Nach dem Umzug zu einem anderen Anmeldedienst kann eine Person doppelt dastehen. Das Zusammenführen gibt { $name } die andere Identität; die Stimmen von beiden bleiben, und niemand kann in einer Abstimmung, an der eine von beiden teilgenommen hat, ein zweites Mal abstimmen.
merge-same-person = Sind diese beiden dieselbe Person?
merge-stays = Bleibt
merge-gives-up = Gibt ab
merge-stays-column = Bleibt und übernimmt die Identität
merge-gives-up-column = Gibt die Identität ab
polls-voted-in = Abstimmungen mit Stimme, geheime nach ihrem Ende
merge-email-differs = Ihre E-Mail-Adressen sind nicht gleich. Fragen Sie die Person, bevor Sie zusammenführen.
merge-from-then-on = Von da an gehört die nächste Anmeldung mit der rechten Identität zu { $name }, und wer mit der linken kommt, wird abgewiesen. Alle Sitzungen von beiden enden. Das lässt sich nicht rückgängig machen.
merge-the-two = Die beiden zusammenführen
merge-search = Die andere Identität nach Namen, E-Mail oder Subject suchen
merge-nobody-found = Damit wird niemand sonst gefunden.
are-merged = Die beiden sind jetzt eine Person. Alle ihre Stimmen bleiben.
merged-already = Eine der beiden wurde schon zusammengeführt oder gelöscht. Es wurde nichts geändert.
not-merge-oneself = Sie können sich nicht selbst zusammenführen. Jemand anderes aus der Administration kann es.
last-admin-not-merged = Niemand hätte mehr die Rolle admin. Es wurde nichts geändert.

## Mehrere Personen oder Sitzungen auf einmal

bulk-deactivate = { $count ->
    [1] 1 Person deaktivieren
   *[other] { $count } Personen deaktivieren
}
bulk-deactivate-skips = Sich selbst können Sie nicht deaktivieren, und wer schon deaktiviert oder zusammengeführt ist, bleibt es:
bulk-activate = { $count ->
    [1] 1 Person aktivieren
   *[other] { $count } Personen aktivieren
}
bulk-activate-skips = Nur wer hier deaktiviert wurde, lässt sich aktivieren:
bulk-end-of-people = Ihre Sitzungen beenden
bulk-end-sessions-of = { $count ->
    [1] Alle Sitzungen von 1 Person beenden
   *[other] Alle Sitzungen von { $count } Personen beenden
}
bulk-end-of-people-skips = Sie sind nirgends sonst angemeldet:
bulk-end = { $count ->
    [1] 1 Sitzung beenden
   *[other] { $count } Sitzungen beenden
}
bulk-end-what = Diese Browser und Programme sind ab ihrer nächsten Anfrage abgemeldet; Ihre Sitzung in diesem Browser bleibt. Wer etwas gewählt und noch nicht gesendet hat, muss noch einmal wählen.
bulk-end-skips = Um die Sitzung zu beenden, in der Sie gerade sind, melden Sie sich ab:
that-is-you = Das sind Sie
bulk-people-done = { $count ->
    [0] Niemand wurde
    [1] 1 Person wurde
   *[other] { $count } Personen wurden
} { $step ->
    [deactivate] deaktiviert
   *[activate] aktiviert
}.
bulk-people-left = { $count ->
    [1] 1 blieb unverändert: Jemand anderes war schneller.
   *[other] { $count } blieben unverändert: Jemand anderes war schneller.
}
bulk-last-admin = Niemand hätte mehr die Rolle admin. Es wurde niemand deaktiviert.
