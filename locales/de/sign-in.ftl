### Anmelden, registrieren und abmelden.

sign-in-eyebrow = Anmeldung
sign-in-again = Noch einmal anmelden
details-for-support = Angaben für die Hilfe
support-code = Code <code>{ $code }</code>
support-request = , Anfrage <code>{ $request }</code>
provider-says = Der Anmeldedienst sagt: { $description }

## Wo man sich anmeldet

create-account = Konto anlegen
where-account-wanted = Wo möchten Sie Ihr Konto haben?
where-account-wanted-lede = Konten liegen bei den Anmeldediensten unten. Wählen Sie den, den Ihre Organisation benutzt.
where-account = Wo haben Sie Ihr Konto?
where-account-lede = Wählen Sie, wo Sie sich anmelden möchten. Danach kommen Sie hierher zurück.

## Abgemeldet

sign-out-question = Abmelden?
sign-out-lede = Damit endet Ihre Sitzung hier und beim Anmeldedienst. Ihre abgegebenen Stimmen bleiben.
stay-signed-in = Angemeldet bleiben
signed-in = Sie sind angemeldet
still-signed-in = Sie sind noch angemeldet
still-signed-in-lede = Sie sind hier als { $name } angemeldet. Diese Seite zu öffnen ändert daran nichts.
signed-out = Sie sind abgemeldet
signed-out-both = Ihre Sitzung hier und die beim Anmeldedienst sind beendet.
signed-out-here = Ihre Sitzung hier ist beendet. Der Anmeldedienst war nicht zu erreichen: Ihre Sitzung dort besteht vielleicht weiter. Melden Sie sich an einem gemeinsam benutzten Computer auch dort ab, oder schließen Sie den Browser.
signed-out-asked = Ihre Sitzung hier ist beendet. Der Anmeldedienst wurde gebeten, auch seine zu beenden.
signed-out-unknown = In diesem Browser ist hier niemand angemeldet.
see-the-polls = Abstimmungen ansehen

## Nicht eingelassen

sign-in-refused = Anmeldung abgelehnt
account-exists = Ihr Konto besteht.
no-role-title = Sie haben hier noch keine Rolle
no-role = Sie haben sich als <strong>{ $account }</strong> angemeldet, aber Ihnen ist in diesem Projekt keine Rolle (admin, staff oder user) zugewiesen. Sie sind nicht angemeldet, und außer einer Notiz über diesen Versuch wird nichts aufbewahrt.
no-role-advice = <strong>Was Sie tun können:</strong> Bitten Sie die Menschen, die diese Website betreuen, Ihnen eine Rolle zu geben, und melden Sie sich dann noch einmal an.
no-role-in-project = <strong>Was Sie tun können:</strong> Bitten Sie die Menschen, die diese Website betreuen, Ihnen eine Rolle im Projekt <code>{ $project }</code> zu geben, und melden Sie sich dann noch einmal an.
deactivated-title = Dieses Konto wurde hier deaktiviert
deactivated = Sie haben sich als <strong>{ $account }</strong> angemeldet, aber die Verwaltung hat diese Website für dieses Konto geschlossen.
deactivated-advice = <strong>Was Sie tun können:</strong> Fragen Sie die Menschen, die diese Website betreuen, nach dem Grund.
not-known-title = Diese Website kennt Sie noch nicht
not-known = Sie haben sich als <strong>{ $account }</strong> angemeldet, aber diese Website nimmt im Moment niemand Neues auf. Sie sind nicht angemeldet.
not-known-advice = <strong>Was Sie tun können:</strong> Bitten Sie die Menschen, die diese Website betreuen, Sie einzulassen.
email-not-verified-title = Ihre E-Mail-Adresse ist nicht bestätigt
email-not-verified-refusal = Sie haben sich als <strong>{ $account }</strong> angemeldet, aber der Anmeldedienst hat Ihre E-Mail-Adresse nicht bestätigt. Sie sind nicht angemeldet.
email-not-verified-advice = <strong>Was Sie tun können:</strong> Bestätigen Sie die Adresse beim Anmeldedienst, und melden Sie sich dann noch einmal an.
or-another-account = Oder verwenden Sie ein anderes Konto, wenn Sie eines haben.
sign-out-at-provider = Beim Anmeldedienst abmelden

## Eine Anmeldung, aus der nichts wurde

sign-in-failed-title = Die Anmeldung hat nicht geklappt
sign-in-used-title = Diese Anmeldung wurde schon benutzt
sign-in-used = Jede Anmeldung gilt einmal. Vielleicht sind Sie zurückgegangen oder haben die Seite zweimal geöffnet. Bitte beginnen Sie noch einmal.
sign-in-expired-title = Die Anmeldung hat zu lange gedauert
sign-in-expired = Eine Anmeldung muss innerhalb von zehn Minuten abgeschlossen sein. Bitte beginnen Sie noch einmal.
sign-in-signed-out-title = Sie wurden inzwischen abgemeldet
sign-in-signed-out = Sie wurden beim Anmeldedienst abgemeldet, bevor diese Anmeldung abgeschlossen war. Sie sind nicht angemeldet. Bitte beginnen Sie noch einmal.
sign-in-outage-title = Anmelden ist im Moment nicht möglich
sign-in-outage = Der Anmeldedienst antwortet nicht. Alles, was keine Anmeldung braucht, geht weiterhin. Bitte versuchen Sie es gleich noch einmal.
sign-in-not-a-callback-title = Hier gibt es nichts zu sehen
sign-in-not-a-callback = Diese Adresse ist nur dafür da, dass der Anmeldedienst Sie hierher zurückschickt.
sign-in-malformed = Die Antwort des Anmeldedienstes ist nicht in Ordnung. Es wurde nichts geändert. Bitte beginnen Sie noch einmal.
sign-in-unknown-state = Diese Antwort gehört zu keiner Anmeldung, von der diese Website weiß. Es wurde nichts geändert. Bitte beginnen Sie noch einmal.
sign-in-other-browser = Diese Anmeldung wurde in einem anderen Browser begonnen, oder Ihr Browser hat das Cookie dafür nicht behalten. Es wurde nichts geändert. Bitte beginnen Sie hier noch einmal.
sign-in-sealed = Diese Website kann nicht lesen, was sie sich zu dieser Anmeldung gemerkt hat, denn ihr Schlüssel ist jetzt ein anderer. Bitte beginnen Sie noch einmal. Wenn das nicht hilft, muss der Betreiber dieser Website allen ihren Servern dieselbe Schlüsseldatei geben.
sign-in-unheard = Der Anmeldedienst hat eine Antwort gegeben, die diese Website nicht kennt. Bitte beginnen Sie noch einmal.
sign-in-other-provider = Die Antwort kam von einem anderen Anmeldedienst als dem, der gefragt wurde. Sie sind nicht angemeldet. Bitte beginnen Sie noch einmal.
sign-in-code = Der Anmeldedienst nimmt diese Anmeldung nicht mehr an. Bitte beginnen Sie noch einmal.
sign-in-client = Der Anmeldedienst nimmt diese Website nicht an. Der Betreiber dieser Website muss ihre Registrierung richtigstellen.
sign-in-answer = Was der Anmeldedienst über Sie gesagt hat, ließ sich nicht bestätigen. Sie sind nicht angemeldet. Bitte beginnen Sie noch einmal.
sign-in-ours = Bitte versuchen Sie es später noch einmal.

## Fehler, mit denen ein Anmeldedienst antworten kann

provider-access-denied-title = Sie wurden nicht angemeldet
provider-access-denied = Sie haben beim Anmeldedienst abgelehnt, oder er hat Sie nicht eingelassen. Sie sind nicht angemeldet.
provider-server-error = Der Anmeldedienst hatte selbst ein Problem. Bitte versuchen Sie es gleich noch einmal.
provider-temporarily-unavailable = Der Anmeldedienst ist im Moment ausgelastet. Bitte versuchen Sie es gleich noch einmal.
provider-login-required = Der Anmeldedienst möchte, dass Sie sich zuerst dort anmelden. Beginnen Sie dazu noch einmal.
provider-interaction-required = Der Anmeldedienst hat Sie zuerst etwas zu fragen. Beginnen Sie noch einmal, um es zu sehen.
provider-account-selection-required = Der Anmeldedienst möchte wissen, welches Ihrer Konten er benutzen soll. Beginnen Sie noch einmal, um zu wählen.
provider-consent-required = Der Anmeldedienst braucht zuerst Ihre Einwilligung. Beginnen Sie noch einmal, um sie zu geben.
provider-invalid-request = Der Anmeldedienst hat die Anfrage dieser Website nicht verstanden. Der Betreiber dieser Website kann den Grund herausfinden.
provider-invalid-scope = Der Anmeldedienst bietet nicht an, was diese Website verlangt. Der Betreiber dieser Website muss ihre Scopes ändern.
provider-unauthorized-client = Der Anmeldedienst lässt nicht zu, dass diese Website Menschen anmeldet. Der Betreiber dieser Website muss sie dort registrieren.
provider-unsupported-response-type = Der Anmeldedienst bietet die Art von Anmeldung nicht an, die diese Website benutzt. Der Betreiber dieser Website muss dort den Code Flow erlauben.
provider-invalid-request-uri = Der Anmeldedienst konnte einen Teil der Anfrage nicht abrufen. Bitte versuchen Sie es noch einmal.
provider-request-not-supported = Der Anmeldedienst nimmt Anfragen dieser Form nicht an. Der Betreiber dieser Website kann den Grund herausfinden.
provider-registration-not-supported = Der Anmeldedienst nimmt auf diesem Weg keine neuen Konten an. Melden Sie sich mit einem Konto an, das Sie haben.

## Für die Verwaltung

role-claim-missing = Die letzten Personen, die sich angemeldet haben, kamen ohne jeden Rollen-Claim und wurden abgewiesen, obwohl sie vorher eine Rolle hatten. Sendet der Anmeldedienst ihn noch? Sehen Sie in ZITADEL beim Projekt unter „Assert Roles on Authentication“ nach. Unter Anmeldungen stehen die Einzelheiten.

## Ein Programm wird eingelassen

program-title = Ein Programm einlassen?
# $role: eine Rolle, zum Beispiel Auswertung.
program-asks = Ein Programm auf diesem Rechner möchte diese Website als <strong>{ $account }</strong> benutzen, mit der Rolle { $role }.
program-beware = Lassen Sie es nur ein, wenn Sie es gerade eben selbst gestartet haben. Es bleibt bis zu 30 Tage angemeldet, oder bis Sie das in <a href="{ $href }">Ihrem Profil</a> beenden.
program-allow = Einlassen
program-decline = Nicht einlassen
