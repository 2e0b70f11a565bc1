-- Clients that think for a tenth of a second between two requests.
function delay()
  return 80 + math.random(40)
end
