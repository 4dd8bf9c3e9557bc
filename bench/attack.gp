# SPDX-License-Identifier: Apache-2.0
# attack.dat to attack.svg: the share of people recognised over the number of blocks.
set terminal svg size 680,380 font "DejaVu Sans,12" background "white"
set output "attack.svg"
set xlabel "blocks across a face, at most"
set ylabel "recognised at first guess"
set format y "%.0f %%"
set xrange [1.8:12.2]
set yrange [0:100]
set xtics (2, 3, 4, 6, 8, 12)
set key outside right top reverse Left width -3
set grid ytics lc rgb "#dddddd"
set style data linespoints
set linetype 1 lc rgb "#555555" lw 2 pt 7 ps 0.5
set linetype 2 lc rgb "#c0392b" lw 2 pt 7 ps 0.5
set linetype 3 lc rgb "#2471a3" lw 2 pt 7 ps 0.5
plot "attack.dat" index 0 using 1:($3*100) lt 1 title "plain mosaic, best attack", \
     "" index 0 using 1:($2*100) lt 1 dt 2 title "plain mosaic, clear gallery", \
     "" index 1 using 1:($3*100) lt 2 title "mosaic (default), best attack", \
     "" index 1 using 1:($2*100) lt 2 dt 2 title "mosaic, clear gallery", \
     "" index 2 using 1:($3*100) lt 3 title "noise, best attack", \
     "" index 2 using 1:($2*100) lt 3 dt 2 title "noise, clear gallery", \
     5 lc rgb "#999999" dt 3 title "chance"
