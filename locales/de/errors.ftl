### Was gesagt wird, wenn eine Anfrage nicht bekommt, was sie wollte.

not-found-title = Seite nicht gefunden
not-found = Unter dieser Adresse gibt es nichts. Vielleicht ist die Seite umgezogen oder noch nicht veröffentlicht.
gone-title = Diese Abstimmung wurde archiviert
gone = Die Abstimmung wurde archiviert und wird nicht mehr gezeigt. Die Stimmzettel bleiben aufbewahrt.
forbidden-title = Sie haben keinen Zugang zu dieser Seite
forbidden = Diese Seite ist für Personen mit der Rolle { $needed }. Rollen vergibt, wer Ihren Anmeldedienst betreibt.
needed-staff = staff oder admin
needed-admin = admin
sign-in-required-title = Bitte melden Sie sich an
sign-in-required = Dafür ist eine Anmeldung nötig.
csrf-title = Bitte senden Sie das Formular noch einmal
csrf = Die Anfrage kam nicht aus einem Formular dieser Website, oder das Formular war zu lange offen. Es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und senden Sie das Formular noch einmal.
bad-request-title = Diese Anfrage ist nicht lesbar
nothing-changed = Es wurde nichts geändert.
form-incomplete = Das Formular ist nicht vollständig angekommen. Es wurde nichts geändert.
unprocessable-title = Es fehlt etwas
form-unreadable = Das Formular konnte nicht gelesen werden. Es wurde nichts geändert.
too-large-title = Das ist zu groß
too-large = Das Formular enthält mehr, als diese Website annimmt. Es wurde nichts geändert.
address-too-long-title = Diese Adresse ist zu lang
address-too-long = Keine Seite dieser Website hat eine so lange Adresse. Vielleicht wurde ein Link falsch kopiert.
media-type-title = Kein Formular
media-type = Diese Adresse nimmt nur abgeschickte Formulare an. Es wurde nichts geändert.
method-not-allowed-title = Hier nicht möglich
method-not-allowed = Diese Adresse nimmt diese Art von Anfrage nicht an.
unavailable-title = Bitte versuchen Sie es gleich noch einmal
unavailable = Etwas, das diese Website braucht, antwortet im Moment nicht.
internal-title = Es gibt leider ein Problem
internal = Der Fehler wurde festgehalten. Bitte versuchen Sie es später noch einmal.
quote-request = Wenn Sie um Hilfe bitten, nennen Sie <code>{ $request }</code>.

## Zu viele Anfragen

too-many-requests-title = Bitte warten Sie einen Moment
too-many-requests = { $what } { $seconds ->
    [1] Bitte warten Sie eine Sekunde und versuchen Sie es dann noch einmal.
   *[other] Bitte warten Sie { $seconds } Sekunden und versuchen Sie es dann noch einmal.
}
limit-sign-in = Aus Ihrem Netz wurden mehr Anmeldungen begonnen, als diese Website in so kurzer Zeit annimmt.
limit-callback = In Ihr Netz kamen mehr Anmeldungen zurück, als diese Website in so kurzer Zeit annimmt. Ihre ist nicht verloren: Sie geht weiter, wenn Sie diese Seite neu laden.
limit-logout-token = Von dieser Adresse wurden zu viele Abmelde-Token abgewiesen.
limit-unsent-form = Aus Ihrem Netz kamen mehr Formulare ohne Anmeldung, als diese Website aufbewahrt.
limit-vote = Sie haben mehr Stimmen gesendet, als diese Website in so kurzer Zeit annimmt.
limit-token = Aus Ihrem Netz wurden mehr Token verlangt, als diese Website in so kurzer Zeit ausgibt.
limit-device = Aus Ihrem Netz wurden mehr Gerätecodes verlangt, als diese Website in so kurzer Zeit ausgibt.
limit-api = Aus Ihrem Netz kamen mehr Anfragen, als die API in so kurzer Zeit beantwortet.
limit-caller = Sie haben mehr Anfragen gesendet, als die API in so kurzer Zeit beantwortet.
limit-receipt = Sie haben mehr Belege geprüft, als diese Website in so kurzer Zeit beantwortet.
limit-check = Sie haben Abstimmungen öfter prüfen lassen, als diese Website es in so kurzer Zeit tut.
limit-export = Sie haben mehr Dateien abgerufen, als diese Website in so kurzer Zeit herausgibt.

## Was aus der Stimme wurde

fate-unknown = Wir können nicht sagen, ob Ihre Stimme erfasst wurde. Öffnen Sie die Abstimmung noch einmal: Dort steht es.
fate-not-recorded = Ihre Stimme wurde nicht erfasst.
