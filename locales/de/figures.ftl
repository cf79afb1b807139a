### Die Zahlen einer Abstimmung, und was sie entscheiden.

percent = { $share } %
column-choice = Antwort
column-votes = Stimmen
column-share = Anteil
column-place = Platz
withheld = Es wurden weniger als { $fewest } Stimmzettel abgegeben. So wenige würden verraten, wer wie gestimmt hat, darum sieht niemand die Zahlen.
caption = { $ballots ->
    [1] Anteil am einzigen Stimmzettel, der etwas gewählt hat
   *[other] Anteil an den { $ballots } Stimmzetteln, die etwas gewählt haben
}
caption-several = { $ballots ->
    [1] Anteil am einzigen Stimmzettel, der etwas gewählt hat.
   *[other] Anteil an den { $ballots } Stimmzetteln, die etwas gewählt haben.
} Auf einem Stimmzettel können mehrere Antworten stehen, darum können die Anteile zusammen mehr als 100 % ergeben.
caption-ranked = { $ballots ->
    [1] Erste Wahl auf dem einzigen Stimmzettel, der etwas gewählt hat
   *[other] Erste Wahl auf den { $ballots } Stimmzetteln, die etwas gewählt haben
}

## Was entschieden ist

sentences = { $first } { $second }
leads-with = { $choice } liegt vorn mit { $votes } von { $base }.
tie-with = { $votes ->
    [1] Gleichstand zwischen { $choices } mit je 1 Stimme.
   *[other] Gleichstand zwischen { $choices } mit je { $votes } Stimmen.
}
everybody-abstained = Alle, die abgestimmt haben, haben sich enthalten.
no-votes-cast = Es wurden keine Stimmen abgegeben.
has-most-votes = { $choice } hat die meisten Stimmen: { $votes } von { $base }.
has-majority = { $choice } hat { $majority }: { $votes } von { $base }.
misses-majority = Keine Antwort hat { $majority }: { $choice } kommt mit { $votes } von { $base } am nächsten, nötig sind { $needed }.
majority-plurality = die meisten Stimmen
majority-half = mehr als die Hälfte der Stimmen
majority-two-thirds = zwei Drittel der Stimmen
quorum-missed-list = Quorum nicht erreicht: { $ballots } von { $eligible } im Wahlverzeichnis haben abgestimmt, nötig sind { $needed }.
quorum-missed-role = Quorum nicht erreicht: { $ballots } von { $eligible } Stimmberechtigten, die sich angemeldet haben, haben abgestimmt, nötig sind { $needed }.
no-ballot-names-a-choice = Kein Stimmzettel nennt eine Antwort.
wins = { $choice } gewinnt, { $how }.
leads = { $choice } liegt vorn, { $how }.
tie = Gleichstand zwischen { $choices }, { $how }.
compared-with-each = verglichen mit jeder anderen
after-rounds = { $round ->
    [1] mit { $votes } von { $base } Stimmen in der ersten Runde
   *[other] mit { $votes } von { $base } Stimmen in Runde { $round }
}

## Runde für Runde, Paar für Paar

round-by-round = Stimmen Runde für Runde
round = Runde { $number }
out-of-count = ausgeschieden
no-choice-left = Keine Antwort mehr übrig
goes-out-fewest = Runde { $round }: { $choice } scheidet aus; sie hat die wenigsten Stimmen.
goes-out-earlier = Runde { $round }: { $choice } scheidet aus; andere haben ebenso wenige Stimmen, hatten aber mehr in Runde { $earlier }.
goes-out-paper = Runde { $round }: { $choice } scheidet aus; andere haben ebenso wenige Stimmen und hatten sie immer, stehen aber auf dem Stimmzettel weiter oben.
pairwise = Stimmzettel, die die Antwort der Zeile der Antwort der Spalte vorziehen

## Angaben dazu

abstentions = Enthaltungen
choices-and-ballots = Antworten und Stimmzettel
choices-on-ballots = { $choices ->
    [1] 1 Antwort
   *[other] { $choices } Antworten
} auf { $ballots ->
    [1] 1 Stimmzettel
   *[other] { $ballots } Stimmzetteln
}
turnout = Beteiligung
turnout-list = { $ballots } von { $eligible } Stimmberechtigten ({ $share } %)
turnout-role = { $ballots ->
    [1] 1 Stimme
   *[other] { $ballots } Stimmen
}; { $eligible ->
    [1] 1 Person mit Stimmrecht hat sich angemeldet
   *[other] { $eligible } Personen mit Stimmrecht haben sich angemeldet
}
quorum = Quorum
how-counted = Wie gezählt wird
counting-one = Eine Antwort auf jedem Stimmzettel; die meisten Stimmen führen.
counting-several = { $min } bis { $max } Antworten auf jedem Stimmzettel; die Antwort auf den meisten Stimmzetteln führt.
counting-instant-runoff = Jeder Stimmzettel zählt für die höchste Antwort darauf, die noch dabei ist; bis eine mehr als die Hälfte hat, scheidet die mit den wenigsten aus (Stichwahlverfahren, Instant-Runoff).
counting-schulze = Je zwei Antworten werden auf allen Stimmzetteln verglichen; eine steht vor der anderen, wenn ihre stärkste Kette von Siegen stärker ist (Schulze-Methode). Eine nicht genannte Antwort steht hinter allen genannten.
counting-majority = Um angenommen zu sein, braucht eine Antwort { $majority }.
counting-abstentions = Enthaltungen zählen nur für die Beteiligung.
